/** The last stage: the answer becomes the operation's response, or a typed error. */
import { InvalidResponseError, type AlicloudError } from '../errors.js';
import type { Secrets } from '../masking.js';
import { parseType, type Schema } from '../schema/grammar.js';
import { report } from '../schema/report.js';
import { responseType, type ResponseType } from '../schema/response-types.js';
import type { AnyOperation } from '../service.js';
import type { HttpHead, HttpResponse } from '../transport/transport.js';
import { masked } from './mask.js';
import { serverErrorOf } from './server-error.js';

/** Throws what the answer amounts to where it is not the operation's response, with the secrets masked. */
export type Decode = (response: HttpResponse, secrets: Secrets) => unknown;

/** Prepares an operation's decoder: its table is parsed and its codec is built here, once. */
export function decoderOf(operation: AnyOperation): Decode {
  const read = readerOf(operation);
  return (response, secrets) => {
    if (!isSuccess(response)) throw serverErrorOf(operation.action, asText(response), secrets);
    return read(response, secrets);
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

function jsonReaderOf(operation: AnyOperation, schema: Schema): Decode {
  const type = responseType(schema);
  return (response, secrets) => {
    const result = decoded(type, operation.action, response, secrets);
    if (result._tag === 'Right') return result.right ?? emptyOf(schema);
    // Read again with the secrets masked, as a report quotes what came.
    const safe = masked(response, secrets);
    const again = decoded(type, operation.action, safe, []);
    const refusals = again._tag === 'Left' ? report(again.left, 'response') : [];
    const first = refusals.map(
      ({ path, expected, received }) => `\`${path}\` should be ${expected} and is ${received}`,
    )[0];
    throw invalid(operation.action, safe, `does not fit its description: ${first}`, refusals);
  };
}

/** An error comes as text, whatever was asked for. */
function asText({ status, headers, body, bytes }: HttpResponse): HttpResponse {
  return { status, headers, body: bytes === undefined ? body : new TextDecoder().decode(bytes) };
}

function decoded(
  type: ResponseType,
  action: string,
  response: HttpResponse,
  secrets: Secrets,
): ReturnType<ResponseType['decodeJson']> {
  const { body } = response;
  if (isBlank(body)) return type.decode(undefined);
  try {
    return type.decodeJson(body);
  } catch {
    // The parser's own error is left out: it quotes the text, secrets and all.
    const safe = masked(response, secrets);
    const kind = safe.headers['content-type'] ?? 'no content type';
    const what = `is not JSON (${kind}, ${body.length} characters, beginning ${excerpt(safe.body)})`;
    throw invalid(action, safe, what);
  }
}

/** Without a copy of what may be long. */
function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

function emptyOf(schema: Schema): unknown {
  return schema.kind === 'array' ? [] : schema.kind === 'string' ? '' : {};
}

function invalid(
  action: string,
  { status, headers, body }: HttpResponse,
  what: string,
  refusals?: InvalidResponseError['refusals'],
): AlicloudError {
  return new InvalidResponseError(
    `The answer to ${action}, status ${status}, ${what}`,
    status,
    headers,
    body,
    refusals,
  );
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
