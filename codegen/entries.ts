import type ts from 'typescript';
import { compiler } from './compiler.js';
import { Refusal } from './refusal.js';

/** The properties of an object literal that is nothing but `key: value`. */
export function entriesOf(node: ts.Node): ReadonlyMap<string, ts.Expression> {
  if (!compiler.isObjectLiteralExpression(node)) throw new Refusal(node, 'not an object of constants');
  const entries = new Map<string, ts.Expression>();
  for (const entry of node.properties) {
    if (!compiler.isPropertyAssignment(entry)) throw new Refusal(entry, 'not a constant');
    const key = compiler.isStringLiteral(entry.name) ? entry.name.text : entry.name.getText();
    if (entries.has(key)) throw new Refusal(entry, 'a second value for the key');
    entries.set(key, entry.initializer);
  }
  return entries;
}
