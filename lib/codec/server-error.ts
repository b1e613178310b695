import { ServerError } from '../errors.js';
import type { Secrets } from '../masking/masking.js';
import { parseJson, stringifyJson } from '../schema/json.js';
import { isAbsent, isObject } from '../schema/values.js';
import type { HttpResponse } from '../transport/transport.js';
import { masked, showing } from '../masking/mask-answer.js';
import { readXmlError } from './xml-error.js';

/**
 * Reads an error answer: JSON or XML in one of the shapes that this cloud's servers give it, or whatever a gateway on the
 * way has sent instead. It is read as it came, and what is shown of it is masked.
 */
export function serverErrorOf(action: string, response: HttpResponse, secrets: Secrets = []): ServerError {
  const { status, headers, body } = response;
  const show = showing(secrets);
  const known = typeof secrets === 'function' ? secrets() : secrets;
  /** As it is where it looks like what it should be; no secret does, unless it is one by itself. */
  const kept = (value: string | undefined, look: RegExp): string | undefined =>
    value === undefined || (value.length < 200 && look.test(value) && !known.includes(value)) ? value : show(value);
  const shown = (value: unknown): string | undefined => kept(text(value), /^$/);

  const fact = readJson(body) ?? readXml(body) ?? (() => undefined);
  const code = text(fact('code', 'errorcode', 'errcode', 'error')) ?? headers['x-ca-error-code'];
  const said = shown(fact('message', 'errormessage', 'errormsg', 'errmsg', 'msg', 'errordescription', 'error'));
  const message = said === undefined || said === code ? shown(headers['x-ca-error-message']) : said;
  const requestId = text(fact('requestid')) ?? headers['x-acs-request-id'] ?? headers['x-ca-request-id'];
  const safe = masked(response, secrets);
  const what = `The server answered ${action} with status ${status} and`;
  const facts = {
    action,
    status,
    headers: safe.headers,
    rawBody: safe.body,
    requestId: kept(requestId, uuid),
  };
  if (code === undefined) {
    const type = safe.headers['content-type'] ?? 'no content type';
    const said = headers['x-ca-error-message'] === undefined ? beginning(safe.body) : `: ${message}`;
    return new ServerError({ ...facts, code: `HTTP.${status}`, message: `${what} no error code (${type})${said}` });
  }
  const shownCode = kept(code, /^[a-z]+(?:[._-][a-z]+)*$/i) ?? code;
  return new ServerError({
    ...facts,
    code: shownCode,
    message: message ?? `${what} the code ${shownCode}`,
    hostId: shown(fact('hostid')),
    recommend: shown(fact('recommend')),
    accessDeniedDetail: shownDetail(fact('accessdenieddetail'), show),
  });
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A fact of the error by its name in lower case, without hyphens and underscores; of several names, the first that is there. */
type Facts = (...names: string[]) => unknown;

function readJson(body: string): Facts | undefined {
  let error: unknown;
  try {
    error = parseJson(body.replace(/^\uFEFF/, ''));
  } catch {
    // Not JSON: XML, or a page that was made for people.
    return undefined;
  }
  if (!isObject(error)) return undefined;
  const outer = factsOf(Object.entries(error));
  const within = outer.get('error');
  // `{ error: { code } }`, and the id of the request beside it.
  return factIn(isObject(within) ? [factsOf(Object.entries(within)), outer] : [outer]);
}

function readXml(body: string): Facts | undefined {
  const leaves = readXmlError(body);
  return leaves === undefined ? undefined : factIn([factsOf(leaves)]);
}

function factsOf(members: Iterable<readonly [string, unknown]>): ReadonlyMap<string, unknown> {
  const facts = new Map<string, unknown>();
  for (const [name, value] of members) {
    const plain = name.replace(/[-_]/g, '').toLowerCase();
    if (!facts.has(plain) && !isAbsent(value) && value !== '') facts.set(plain, value);
  }
  return facts;
}

function factIn(sources: readonly ReadonlyMap<string, unknown>[]): Facts {
  return (...names) => {
    for (const source of sources) {
      for (const name of names) {
        const value = source.get(name);
        if (value !== undefined && (name !== 'error' || !isObject(value))) return value;
      }
    }
    return undefined;
  };
}

/** It may be a text or an object. */
function shownDetail(detail: unknown, show: (text: string) => string): unknown {
  if (typeof detail === 'string') return show(detail);
  try {
    return detail === undefined ? undefined : parseJson(show(stringifyJson(detail) ?? ''));
  } catch {
    // What is left is no JSON any more.
    return undefined;
  }
}

/** On one line, and not the whole page. */
function beginning(body: string): string {
  const line = body.trimStart().slice(0, 1000).trimEnd().replace(/\s+/g, ' ');
  return line === '' ? '' : `: ${line.length > 120 ? `${line.slice(0, 120)}…` : line}`;
}

/** Some servers give a number. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
