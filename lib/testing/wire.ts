/** What comes over the wire and what goes back, whether the wire is a socket or a function call. */
import type { Observable } from 'rxjs';
import { apiError, invalidParameter } from './api-error.js';

export interface WireRequest {
  readonly method: string;
  /** Path and query as they were sent: nothing decoded, nothing normalised. */
  readonly target: string;
  /** Names in lower case, `host` included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A parameter's name and value, decoded. */
export type Parameter = readonly [name: string, value: string];

/** A request whose target has been taken apart. */
export interface ParsedRequest extends WireRequest {
  /** As it was sent. */
  readonly path: string;
  readonly query: readonly Parameter[];
  /** Whether the body is a form. */
  readonly hasForm: boolean;
  /** The parameters of a form, read when they are first asked for; empty where the body is none. */
  readonly form: () => readonly Parameter[];
  /** The body as text, decoded when it is first asked for. */
  readonly text: () => string;
}

export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** What is sent behind the body as it comes, until it completes; an error breaks the connection. */
  readonly more?: Observable<string> | undefined;
  /** How the body gets to the other side. Absent: at once and whole. */
  readonly delivery?: Delivery | undefined;
}

export type Delivery =
  /** After `duration` ms, until which there is silence. */
  | { readonly kind: 'late'; readonly duration: number }
  /** In pieces, {@link slowPieces} of them, the last of which comes after `duration` ms. */
  | { readonly kind: 'slow'; readonly duration: number }
  /** The first half of the body, and then the connection breaks. */
  | { readonly kind: 'cut' }
  /** At once and whole, and then the connection is closed. */
  | { readonly kind: 'close' }
  /** Nothing: the connection is reset. */
  | { readonly kind: 'reset' };

export const slowPieces = 10;

/** Throws as the service refuses where the query is malformed. */
export function parseRequest(request: WireRequest): ParsedRequest {
  const { target, headers, body } = request;
  const mark = target.indexOf('?');
  const hasForm = mediaTypeOf(headers['content-type']) === 'application/x-www-form-urlencoded';
  let text: string | undefined;
  let form: readonly Parameter[] | undefined;
  const parsed: ParsedRequest = {
    ...request,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? [] : parseParameters(target.slice(mark + 1)),
    hasForm,
    form: () => (form ??= hasForm ? parseParameters(parsed.text()) : []),
    text: () => (text ??= typeof body === 'string' ? body : new TextDecoder().decode(body)),
  };
  return parsed;
}

/** `text/html; charset=utf-8` is `text/html`, in any case. */
export function mediaTypeOf(contentType = ''): string {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** More than any operation takes; what is beyond that only keeps the emulator busy. */
const mostParameters = 50_000;

/** Parameters of a query or a form. Each name stands once: which of two counts, a signature does not say. */
function parseParameters(text: string): readonly Parameter[] {
  const parameters: Parameter[] = [];
  const names = new Set<string>();
  for (let start = 0, end; start < text.length; start = end + 1) {
    end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end === start) continue;
    const pair = text.slice(start, end);
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (names.size === mostParameters) throw tooManyParameters();
    if (names.has(name)) throw givenTwice(name);
    names.add(name);
    parameters.push([name, equals < 0 ? '' : decode(pair.slice(equals + 1))]);
  }
  return parameters;
}

/** The query's and the form's together, as RPC takes them. */
export function rpcParameters({ query, form }: ParsedRequest): readonly Parameter[] {
  const inForm = form();
  if (inForm.length === 0) return query;
  const names = new Set(query.map(([name]) => name));
  for (const [name] of inForm) if (names.has(name)) throw givenTwice(name);
  return [...query, ...inForm];
}

/** The value of a parameter, `undefined` where it is missing. */
export function parameter(parameters: readonly Parameter[], name: string): string | undefined {
  return parameters.find(([candidate]) => candidate === name)?.[1];
}

/** Whether a request is addressed to Alibaba Cloud itself, as requests in process are. */
export function isOfCloud(host: string): boolean {
  return host.endsWith('.aliyuncs.com');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidParameter(shortened(text), 'percent-encoded UTF-8');
  }
}

function givenTwice(name: string): Error {
  return invalidParameter(shortened(name), 'one value, and it is given twice');
}

function tooManyParameters(): Error {
  return apiError(400, 'InvalidParameter', `The request has too many parameters: expected at most ${mostParameters}.`);
}

/** An answer is not as long as the request that it refuses. */
export function shortened(text: string, length = 100): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
