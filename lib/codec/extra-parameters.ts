/** Headers and query parameters that a caller adds to one call. */
import type { CallOptions } from '../call-options.js';
import { ConfigurationError } from '../errors.js';
import { isHeaderValue } from '../transport/header-value.js';
import type { PendingRequest } from './encode.js';

export function withExtraParameters(
  encoded: PendingRequest,
  { headers = {}, query = {} }: CallOptions = {},
): PendingRequest {
  const extraQuery = Object.entries(query).map(([name, value]) => [name, checkedText(`query.${name}`, value)] as const);
  return {
    ...encoded,
    headers: { ...checkedHeaders(headers), ...encoded.headers },
    query: new Map([...extraQuery, ...encoded.query]),
  };
}

/** Names in lower case. Throws where one is not for the caller to set, or could not be sent. */
export function checkedHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => checkedHeader(name, value)));
}

/** Headers that follow from the rest of the request. */
const reserved = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'authorization']);

function checkedHeader(name: string, value: unknown): [string, string] {
  const path = `headers.${name}`;
  const lowerCase = name.toLowerCase();
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(lowerCase) || reserved.has(lowerCase)) {
    throw new ConfigurationError({
      path,
      expected: 'the name of a header that the SDK does not set itself',
      received: JSON.stringify(name),
    });
  }
  const text = checkedText(path, value);
  if (isHeaderValue(text)) return [lowerCase, text];
  throw new ConfigurationError({ path, expected: 'text on one line, in Latin-1', received: 'other characters' });
}

function checkedText(path: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ConfigurationError({ path, expected: 'a string', received: `a ${typeof value}` });
}
