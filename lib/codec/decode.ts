/** The last stage: the answer becomes the operation's response, or a typed error. */
import { InvalidResponseError, type AlicloudError, type Refusal } from '../errors.js';
import type { Secrets } from '../masking/masking.js';
import { parseType, type Schema } from '../schema/grammar.js';
import { report } from '../schema/report.js';
import { responseType } from '../schema/response-types.js';
import type { ReadJson } from '../schema/tolerant.js';
import type { AnyOperation } from '../service.js';
import type { HttpHead, HttpResponse } from '../transport/transport.js';
import { masked, maskedText } from '../masking/mask-answer.js';
import { serverErrorOf } from './server-error.js';

/** Told of what does not fit the operation's description, the first ten places of it, with the secrets masked. */
export type OnDrift = (drift: () => readonly Refusal[]) => void;

/**
 * Throws what the answer amounts to where it is not the operation's response, with the secrets masked. An answer that has
 * drifted beyond reading is handed on as it came where `onDrift` is told, and else is an error.
 */
export type Decode = (response: HttpResponse, secrets: Secrets, onDrift?: OnDrift) => unknown;

/** Prepares an operation's decoder: its table is parsed and its codec is built here, once. */
export function decoderOf(operation: AnyOperation): Decode {
  const read = readerOf(operation);
  return (response, secrets, onDrift) => {
    if (!isSuccess(response)) throw serverErrorOf(operation.action, asText(response), secrets);
    return read(response, secrets, onDrift);
  };
}

export function isSuccess({ status }: HttpHead): boolean {
  return status >= 200 && status < 300;
}

function readerOf(operation: AnyOperation): Decode {
  if (operation.responseType === 'text') return (response) => asText(response).body;
  if (operation.responseType === 'bytes') return ({ body, bytes }) => bytes ?? new TextEncoder().encode(body);
  if (operation.response === undefined) return () => ({});
  const schema = parseType(operation.response);
  // The data of an event that is described as a text is no JSON.
  if (operation.responseType === 'events' && schema.kind === 'string') return ({ body }) => body;
  return jsonReaderOf(operation, schema);
}

function jsonReaderOf({ action, responseType: kind }: AnyOperation, schema: Schema): Decode {
  const type = responseType(schema);
  return (response, secrets, onDrift) => {
    const { body } = response;
    if (isBlank(body)) return emptyOf(schema);
    const hide = (text: string): string => maskedText(text, secrets);
    let read: ReadJson;
    try {
      read = type.readJson(body);
    } catch {
      // The parser's own error is left out: it quotes the text, secrets and all.
      if (kind !== 'events' || onDrift === undefined) throw notJson(action, masked(response, secrets), body.length);
      // The connection is there, and more events may follow.
      onDrift(() => [{ path: 'response', expected: 'JSON', received: `the text ${excerpt(hide(body))}` }]);
      return body;
    }
    const { value, drift } = read;
    if (drift !== undefined) {
      const refusals = (): Refusal[] => report(drift(), 'response', hide);
      if (onDrift === undefined) throw unfit(action, masked(response, secrets), refusals());
      onDrift(refusals);
    }
    return value ?? emptyOf(schema);
  };
}

/** An error comes as text, whatever was asked for. */
function asText({ status, headers, body, bytes }: HttpResponse): HttpResponse {
  return { status, headers, body: bytes === undefined ? body : new TextDecoder().decode(bytes) };
}

/** Without a copy of what may be long. */
function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

function emptyOf(schema: Schema): unknown {
  return schema.kind === 'array' ? [] : schema.kind === 'string' ? '' : {};
}

function notJson(action: string, safe: HttpResponse, length: number): AlicloudError {
  const kind = safe.headers['content-type'] ?? 'no content type';
  return invalid(action, safe, `is not JSON (${kind}, ${length} characters, beginning ${excerpt(safe.body)})`);
}

function unfit(action: string, safe: HttpResponse, refusals: readonly Refusal[]): AlicloudError {
  const [first] = refusals.map(
    ({ path, expected, received }) => `\`${path}\` should be ${expected} and is ${received}`,
  );
  return invalid(action, safe, `does not fit its description: ${first}`, refusals);
}

function invalid(
  action: string,
  { status, headers, body }: HttpResponse,
  what: string,
  refusals?: readonly Refusal[],
): AlicloudError {
  const message = `The answer to ${action}, status ${status}, ${what}`;
  return new InvalidResponseError(message, status, headers, body, refusals);
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
