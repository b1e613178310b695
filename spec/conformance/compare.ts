/** What must be equal of two requests for the same call, and what differs. */
import { isDeepStrictEqual } from 'node:util';
import { pairsOf, searchOf, type Pair, type Recorded } from './recorder.js';

export type Kind =
  | 'method'
  | 'path'
  | 'query'
  | 'body'
  | 'headers'
  | 'signature'
  | 'response'
  /** Only the official client failed, or only ours, or there is no way to tell. */
  | 'official fails'
  | 'ours fails'
  | 'not compared';

export interface Difference {
  readonly kind: Kind;
  readonly official: unknown;
  readonly ours: unknown;
}

/** Differences between two requests; whether the signature of ours is right, `isSigned` has to say. */
export function compareRequests(
  official: Recorded,
  ours: Recorded,
  isSigned: (request: Recorded) => boolean,
): Difference[] {
  const [theirs, our] = [factsOf(official), factsOf(ours)];
  const differences = (Object.keys(theirs) as (keyof Facts)[])
    .filter((kind) => !isDeepStrictEqual(theirs[kind], our[kind]))
    .map((kind): Difference => ({ kind, official: theirs[kind], ours: our[kind] }));
  const signatures = [signatureOf(official), signatureOf(ours)] as const;
  // Where both sent the same bytes the signatures are the same. What the standards let one write in two ways is signed
  // as it was written: that ours is right, a verifier which is not part of the signer tells.
  const isRight = signatures[0] === signatures[1] || (!sameBytes(official, ours) && isSigned(ours));
  if (differences.length === 0 && !isRight) {
    differences.push({ kind: 'signature', official: signatures[0], ours: signatures[1] });
  }
  return differences;
}

/** What the server makes of a request. */
interface Facts {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: readonly Pair[];
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

function factsOf(request: Recorded): Facts {
  const { method, target, headers, body } = request;
  const [path = ''] = target.split('?', 1);
  return {
    method,
    path: path.split('/').map(decoded),
    query: pairsOf(searchOf(request)).filter(([name]) => name !== 'Signature'),
    body: meaningOf(body, headers['content-type'] ?? ''),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => isCompared(name, body))),
  };
}

/**
 * Not the hash of the body and the length, which follow from its bytes, nor what names the client, nor the type of a body
 * that is empty: the older libraries call nothing a form.
 */
function isCompared(name: string, body: Uint8Array): boolean {
  if (name === 'x-acs-content-sha256' || name === 'content-md5') return false;
  if (name === 'content-type' && body.length === 0) return false;
  return name.startsWith('x-acs-') || ['host', 'accept', 'content-type', 'date'].includes(name);
}

function signatureOf(request: Recorded): string | undefined {
  return request.headers.authorization ?? pairsOf(searchOf(request)).find(([name]) => name === 'Signature')?.[1];
}

/**
 * Whether all that is signed was written in the same way. A name in the query that has to be encoded, as the key of a map
 * may be, is signed encoded here, as the rules have it, and unencoded by the official clients.
 */
function sameBytes(official: Recorded, ours: Recorded): boolean {
  const sameType = official.headers['content-type'] === ours.headers['content-type'];
  const plainNames = pairsOf(searchOf(ours)).every(([name]) => /^[\w.~-]*$/.test(name));
  return official.target === ours.target && sameType && plainNames && Buffer.compare(official.body, ours.body) === 0;
}

function meaningOf(body: Uint8Array, contentType: string): unknown {
  const text = new TextDecoder().decode(body);
  if (text === '') return text;
  if (contentType.startsWith('application/x-www-form-urlencoded')) return pairsOf(text);
  if (!contentType.startsWith('application/json')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return `not percent-encoded: ${segment}`;
  }
}
