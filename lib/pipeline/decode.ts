/** The last stage: the answer becomes the operation's response, or a typed error. */
import { InvalidResponseError, type AlicloudError } from '../errors.js';
import { parseType, type Schema } from '../schema/grammar.js';
import { parseJson } from '../schema/json.js';
import { report } from '../schema/report.js';
import { responseType } from '../schema/response-types.js';
import type { AnyOperation } from '../service.js';
import type { HttpResponse } from '../transport/transport.js';
import { masked } from './mask.js';
import { serverErrorOf } from './server-error.js';

/** Throws what the answer amounts to where it is not the operation's response, with the secrets masked. */
export type Decode = (response: HttpResponse, secrets: readonly string[]) => unknown;

/** Prepares an operation's decoder: its table is parsed and its codec is built here, once. */
export function decoderOf(operation: AnyOperation): Decode {
  const schema = operation.response === undefined ? undefined : parseType(operation.response);
  const read = schema === undefined ? () => ({}) : readerOf(operation, schema);
  return (response, secrets) => {
    if (response.status < 200 || response.status >= 300)
      throw serverErrorOf(operation.action, masked(response, secrets));
    return read(response, secrets);
  };
}

function readerOf(operation: AnyOperation, schema: Schema): Decode {
  const type = responseType(schema);
  return (response, secrets) => {
    if (operation.responseType === 'text') return response.body;
    const result = type.decode(parse(operation.action, response, secrets));
    if (result._tag === 'Right') return result.right ?? emptyOf(schema);
    // Read again with the secrets masked, as a report quotes what came.
    const safe = masked(response, secrets);
    const again = type.decode(parse(operation.action, safe, []));
    const refusals = again._tag === 'Left' ? report(again.left, 'response') : [];
    const first = refusals.map(
      ({ path, expected, received }) => `\`${path}\` should be ${expected} and is ${received}`,
    )[0];
    throw invalid(operation.action, safe, `does not fit its description: ${first}`, refusals);
  };
}

function parse(action: string, response: HttpResponse, secrets: readonly string[]): unknown {
  if (response.body.trim() === '') return undefined;
  try {
    return parseJson(response.body);
  } catch {
    // The parser's own error is left out: it quotes the text, secrets and all.
    const safe = masked(response, secrets);
    const type = safe.headers['content-type'] ?? 'no content type';
    throw invalid(
      action,
      safe,
      `is not JSON (${type}, ${response.body.length} characters, beginning ${excerpt(safe.body)})`,
    );
  }
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
