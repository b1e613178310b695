import ts from 'typescript';
import { Refusal } from './refusal.js';

/** The properties of an object literal that is nothing but `key: value`. */
export function entriesOf(node: ts.Node): ReadonlyMap<string, ts.Expression> {
  if (!ts.isObjectLiteralExpression(node)) throw new Refusal(node, 'not an object of constants');
  const entries = new Map<string, ts.Expression>();
  for (const entry of node.properties) {
    if (!ts.isPropertyAssignment(entry)) throw new Refusal(entry, 'not a constant');
    const key = ts.isStringLiteral(entry.name) ? entry.name.text : entry.name.getText();
    if (entries.has(key)) throw new Refusal(entry, 'a second value for the key');
    entries.set(key, entry.initializer);
  }
  return entries;
}
