/** What is answered: a head, and then the pieces of a body. */
import { stringifyJson } from '../schema/json.js';
import { joinBytes } from '../transport/bytes.js';
import { GatewayRefusal, refusalStatuses } from './refusal.js';

export interface AnswerHead {
  readonly status: number;
  /** Names in lower case. Of the gateway's making: nothing of a service is in it unchecked. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of an error, for the gateway's own events. */
  readonly code?: string | undefined;
}

/** The head comes first. */
export type AnswerPart = AnswerHead | Uint8Array<ArrayBuffer>;

/** An error, in the shape that the services give theirs. */
export interface AnsweredError {
  readonly Code: string;
  readonly Message: string;
  readonly RequestId?: string | undefined;
}

export const jsonHeaders = { 'content-type': 'application/json' } as const;

export function isHead(part: AnswerPart): part is AnswerHead {
  return 'status' in part;
}

export function encodeJson(value: unknown): Uint8Array<ArrayBuffer> {
  return encodeText(stringifyJson(value) ?? 'null');
}

export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** A refusal as an answer. What is none of these was not foreseen: nothing of it is shown. */
export function answerOf(error: unknown): readonly [AnswerHead, Uint8Array<ArrayBuffer>] {
  const refusal =
    error instanceof GatewayRefusal ? error : new GatewayRefusal('Gateway.InternalError', 'The gateway failed');
  const { code, message, retryAfter } = refusal;
  const body: AnsweredError = { Code: code, Message: message };
  const wait = retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfter / 1000))) };
  return [{ status: refusalStatuses[code], headers: { ...jsonHeaders, ...wait }, code }, encodeJson(body)];
}

/** Where there may be no body. */
function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** What every answer says. */
const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function responseOf(
  { status, headers }: AnswerHead,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null,
  more: Readonly<Record<string, string>> = {},
): Response {
  return new Response(hasNoBody(status) ? null : body, { status, headers: { ...headers, ...always, ...more } });
}

/** The pieces of a body as one. */
export function joined(pieces: readonly AnswerPart[]): Uint8Array<ArrayBuffer> {
  const bytes = pieces.filter((piece) => piece instanceof Uint8Array);
  const [only] = bytes;
  return only !== undefined && bytes.length === 1 ? only : joinBytes(bytes);
}
