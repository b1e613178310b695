/** Reads the constants of an operation: the argument of `new $OpenApiUtil.Params(…)`. */
import ts from 'typescript';
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
  readonly anonymous: boolean;
  readonly bodyType: 'form' | 'json';
  readonly responseType: 'json' | 'array' | 'string' | 'none';
}

export function readParams(node: ts.Node): Params {
  const entries = entriesOf(node);
  const text = (key: string): string => {
    const value = entries.get(key);
    if (!value || !ts.isStringLiteral(value)) throw new Refusal(value ?? node, `expected ${key} to be a string`);
    return value.text;
  };
  const choice = <T>(key: string, choices: Readonly<Record<string, T>>): T => {
    const chosen = Object.entries(choices).find(([name]) => name === text(key));
    if (!chosen)
      throw new Refusal(entries.get(key) ?? node, `expected ${key} to be ${Object.keys(choices).join(' or ')}`);
    return chosen[1];
  };
  for (const [key, value] of entries) if (!known.has(key)) throw new Refusal(value, `${key} is not a known constant`);
  choice('protocol', { HTTPS: 'HTTPS' });
  return {
    action: text('action'),
    version: text('version'),
    httpMethod: choice('method', methods),
    style: choice('style', { RPC: 'RPC', ROA: 'ROA' } as const),
    ...readPath(entries.get('pathname') ?? node),
    anonymous: choice('authType', { AK: false, Anonymous: true }),
    bodyType: choice('reqBodyType', { formData: 'form', json: 'json' } as const),
    responseType: choice('bodyType', { json: 'json', array: 'array', string: 'string', none: 'none' } as const),
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
const variable = expression('$dara.URL.percentEncode($$name)');

function readPath(node: ts.Node): Pick<Params, 'path' | 'pathVariables'> {
  if (ts.isStringLiteralLike(node)) return { path: literal(node, node.text), pathVariables: [] };
  if (!ts.isTemplateExpression(node)) throw new Refusal(node, 'not a path');
  const pathVariables = node.templateSpans.map((span) => {
    const name = variable(span.expression)?.name;
    if (!name || !ts.isIdentifier(name)) throw new Refusal(span, 'not a path variable');
    return name.text;
  });
  const rest = node.templateSpans.map((span, index) => `{${pathVariables[index]}}${literal(span, span.literal.text)}`);
  return { path: literal(node, node.head.text) + rest.join(''), pathVariables };
}

function literal(node: ts.Node, text: string): string {
  if (/[{}?#]/.test(text)) throw new Refusal(node, 'a path with characters that have a meaning');
  return text;
}
