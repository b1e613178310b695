/** What comes over the wire and what goes back, whether the wire is a socket or a function call. */
import type { Observable } from 'rxjs';
import { invalidParameter } from './api-error.js';

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
  /** Nothing: the connection is reset. */
  | { readonly kind: 'reset' };

export const slowPieces = 10;

export function parseRequest(request: WireRequest): ParsedRequest {
  const mark = request.target.indexOf('?');
  if (mark < 0) return { ...request, path: request.target, query: [] };
  return {
    ...request,
    path: request.target.slice(0, mark),
    query: parseParameters(request.target.slice(mark + 1)),
  };
}

/** Parameters of a query or a form. */
export function parseParameters(text: string): readonly Parameter[] {
  if (text === '') return [];
  return text.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
  });
}

/** The value of a parameter, `undefined` where it is missing. */
export function parameter(parameters: readonly Parameter[], name: string): string | undefined {
  return parameters.find(([candidate]) => candidate === name)?.[1];
}

/** Whether a request is addressed to Alibaba Cloud itself, as requests in process are. */
export function isOfCloud(host: string): boolean {
  return host.endsWith('.aliyuncs.com');
}

export function bodyText({ body }: WireRequest): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidParameter(text, 'percent-encoded UTF-8');
  }
}
