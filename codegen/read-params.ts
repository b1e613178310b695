/** Reads the constants of an operation. */
import type ts from 'typescript';
import { compiler } from './compiler.js';
import { expression } from './pattern.js';
import { entriesOf } from './entries.js';
import { Refusal } from './refusal.js';

export interface Params {
  readonly action: string;
  readonly version: string;
  readonly httpMethod: string;
  readonly style: 'RPC' | 'ROA';
  /** With variables in braces. */
  readonly path: string;
  readonly pathVariables: readonly string[];
  /** Those that the path itself encodes. */
  readonly encodedVariables: readonly string[];
  readonly anonymous: boolean;
  readonly bodyType: 'form' | 'json';
  readonly responseType: 'json' | 'array' | 'string' | 'none' | 'binary' | 'any';
}

/** Reads the argument of `new $OpenApiUtil.Params(…)`. */
export function readParams(node: ts.Node): Params {
  const entries = entriesOf(node);
  if (entries.has('websocketSubProtocol')) throw new Refusal(node, 'a conversation over a WebSocket');
  for (const [key, value] of entries) if (!known.has(key)) throw new Refusal(value, `${key} is not a known constant`);
  return paramsOf(node, Object.fromEntries(entries), {});
}

/** Reads the arguments of a call; `defaults` are what kind of call it is. */
export function paramsOf(
  node: ts.Node,
  entries: Readonly<Record<string, ts.Node>>,
  defaults: Readonly<Record<string, string>>,
): Params {
  const text = (key: string): string => {
    const value = entries[key];
    if (value === undefined && defaults[key] !== undefined) return defaults[key];
    if (!value || !compiler.isStringLiteral(value)) throw new Refusal(value ?? node, `expected ${key} to be a string`);
    return value.text;
  };
  const choice = <T>(key: string, choices: Readonly<Record<string, T>>): T => {
    const chosen = Object.entries(choices).find(([name]) => name === text(key));
    if (!chosen) throw new Refusal(entries[key] ?? node, `expected ${key} to be ${Object.keys(choices).join(' or ')}`);
    return chosen[1];
  };
  // Only what the client would choose by itself: here it is HTTPS.
  choice('protocol', { HTTPS: '', HTTP: '' });
  return {
    action: text('action'),
    version: text('version'),
    httpMethod: choice('method', methods),
    style: choice('style', { RPC: 'RPC', ROA: 'ROA' } as const),
    ...(entries.pathname
      ? readPath(entries.pathname)
      : { path: text('pathname'), pathVariables: [], encodedVariables: [] }),
    anonymous: choice('authType', { AK: false, Anonymous: true }),
    bodyType: choice('reqBodyType', { formData: 'form', json: 'json' } as const),
    responseType: choice('bodyType', responseTypes),
  };
}

const known = new Set('action version protocol pathname method authType style reqBodyType bodyType'.split(' '));
const methods = {
  GET: 'GET',
  POST: 'POST',
  PUT: 'PUT',
  PATCH: 'PATCH',
  DELETE: 'DELETE',
  HEAD: 'HEAD',
  OPTIONS: 'OPTIONS',
};
const responseTypes = {
  json: 'json',
  array: 'array',
  string: 'string',
  none: 'none',
  binary: 'binary',
  byte: 'binary',
  any: 'any',
} as const;
const variable = expression('$dara.URL.percentEncode($$name)');

function readPath(node: ts.Node): Pick<Params, 'path' | 'pathVariables' | 'encodedVariables'> {
  const encodedVariables: string[] = [];
  const variableIn = (span: ts.TemplateSpan): string => {
    // Where it is not encoded there, it is before, or, by a slip of the oldest packages, not at all.
    const name = variable(span.expression)?.name ?? span.expression;
    if (!compiler.isIdentifier(name)) throw new Refusal(span, 'not a path variable');
    if (name !== span.expression) encodedVariables.push(name.text);
    return `{${name.text}}`;
  };
  const path = compiler.isTemplateExpression(node)
    ? node.head.text + node.templateSpans.map((span) => variableIn(span) + span.literal.text).join('')
    : compiler.isStringLiteralLike(node)
      ? node.text
      : undefined;
  if (path === undefined) throw new Refusal(node, 'not a path');
  // Some packages have a variable in braces, as the API describes it, where its value should be.
  const inBraces = /\{(\w+)\}/g;
  if (/[{}#]/.test(path.replace(inBraces, ''))) throw new Refusal(node, 'a path with characters that have a meaning');
  return { path, pathVariables: [...path.matchAll(inBraces)].map((match) => match[1]!), encodedVariables };
}
