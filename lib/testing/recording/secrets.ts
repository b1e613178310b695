/** What must not get into a file. */
import { showing } from '../../masking/mask-answer.js';
import { secretsIn } from '../../masking/request-secrets.js';
import type { WireRequest } from '../wire.js';

/**
 * Gives what takes secrets out of a text: by their names; the values that the request has for such names, wherever they stand;
 * whose it is and what it is signed with, which servers quote where they refuse; and those in `hide`.
 */
export function showingOf(wire: WireRequest, hide: readonly string[]): (text: string) => string {
  return showing([...hide, ...identifiers(wire), ...secretsIn(requestOf(wire), '')]);
}

function requestOf({ method, target, headers, body }: WireRequest): Parameters<typeof secretsIn>[0] {
  const isText = typeof body === 'string' || /json|urlencoded|text|xml/i.test(headers['content-type'] ?? '');
  return {
    method,
    url: target,
    headers,
    ...(isText ? { body: typeof body === 'string' ? body : new TextDecoder().decode(body) } : {}),
  };
}

/** Names of the parameters of the older signature, in the query or in a form. */
const inParameters = /[?&](?:AccessKeyId|Signature|SignatureNonce|Timestamp)=([^&]*)/g;

function identifiers({ target, headers, body }: WireRequest): string[] {
  const { authorization = '' } = headers;
  const form = typeof body === 'string' && headers['content-type']?.includes('urlencoded') === true ? `&${body}` : '';
  return [
    ...[...authorization.matchAll(/(?:Credential=|Signature=|^acs |:)([^,\s:]+)/g)].map(([, value = '']) => value),
    ...[...`${target}${form}`.matchAll(inParameters)].map(([, value = '']) => decoded(value)),
    ...['x-acs-signature-nonce', 'x-acs-date', 'date', 'x-acs-accesskey-id'].map((name) => headers[name] ?? ''),
  ].filter((value) => value !== '');
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
