/** Reads how a client signs what it calls in no way of its own, from its constructor. */
import type ts from 'typescript';
import { compiler } from './compiler.js';
import { statement } from './pattern.js';
import { Refusal } from './refusal.js';
import type { Operation } from './model.js';

export const algorithmLine = statement('this._signatureAlgorithm = $$algorithm;');

/** What the library calls v2 is the older protocol. */
export function readProtocol(constructor: ts.ConstructorDeclaration): Operation['protocol'] {
  const said = constructor.body?.statements.flatMap((line) => algorithmLine(line)?.algorithm ?? []) ?? [];
  const other = said.find((node) => !compiler.isStringLiteral(node) || node.text !== 'v2');
  if (other) throw new Refusal(other, 'not a known algorithm of signatures');
  return said.length > 0 ? 'V1' : undefined;
}
