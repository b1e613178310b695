/** What servers and programs answer with: JSON objects that mean the same, spelt differently. */
import { isCredential } from '../credentials/is-credential.js';
import { isObject } from '../schema/values.js';
import type { ExpiringCredentials } from './refreshing.js';
import { unavailable } from './unavailable.js';

export interface Answer {
  /** As they are spelt. */
  readonly members: ReadonlyMap<string, unknown>;
  /** A member by its name without capitals and underscores: `accesskeyid` is `AccessKeyId`, `accessKeyId` or `access_key_id`. */
  get(name: string): unknown;
}

/** `undefined` where it is no JSON object. The error of `JSON.parse` is dropped, as it shows what it failed at. */
export function readAnswer(json: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? answerOf(value) : undefined;
  } catch {
    return undefined;
  }
}

export function answerOf(value: object): Answer {
  const members = new Map(Object.entries(value));
  const plain = new Map(
    [...members].map(([name, member]) => [name.replaceAll('_', '').toLowerCase(), member as unknown]),
  );
  return { members, get: (name) => plain.get(name) };
}

/** A server's error code, where the answer has one that looks like one: letters and dots, as no secret does. */
export function codeIn(answer: Answer | undefined): string | undefined {
  const code = answer?.get('code') ?? answer?.get('errorcode');
  return typeof code === 'string' && /^[A-Za-z.]{1,64}$/.test(code) ? code : undefined;
}

/** Throws where something is missing; what is there is never shown. */
export function credentialsIn(answer: Answer | undefined, providerName: string): ExpiringCredentials {
  if (answer === undefined) throw unavailable('expected the answer to be a JSON object');
  const code = codeIn(answer);
  if (code !== undefined && code !== 'Success') throw unavailable(`the answer has the code ${code}`);
  const token = answer.get('securitytoken');
  return {
    accessKeyId: member(answer, 'accesskeyid', 'an access key id'),
    accessKeySecret: member(answer, 'accesskeysecret', 'an access key secret'),
    ...(token === undefined || token === null || token === ''
      ? {}
      : { securityToken: member(answer, 'securitytoken', 'a security token') }),
    providerName,
    expires: expiryIn(answer),
  };
}

function member(answer: Answer, name: string, expected: string): string {
  const value = answer.get(name);
  if (isCredential(value)) return value;
  throw unavailable(`expected ${expected} in the answer, got ${value === undefined ? 'none' : 'something else'}`);
}

/** When they expire, in milliseconds since 1970. */
export function expiryIn(answer: Answer): number | undefined {
  const expiration = answer.get('expiration');
  if (expiration === undefined || expiration === null || expiration === '') return undefined;
  const expires = typeof expiration === 'string' ? Date.parse(expiration) : NaN;
  if (Number.isNaN(expires)) throw unavailable('expected the expiration in the answer to be a date');
  return expires;
}
