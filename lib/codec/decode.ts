/** The last stage: the answer becomes the operation's response, or is refused. */
import { parseType, type Schema } from '../schema/grammar.js';
import { responseType } from '../schema/response-types.js';
import type { ReadJson } from '../schema/lenient-type.js';
import type { AnyOperation } from '../service.js';
import type { HttpHead, HttpResponse } from '../transport/transport.js';
import { UnfitAnswer, type Misfit } from './unfit-answer.js';

/** Told of what does not fit the operation's description. */
export type OnDrift = (misfit: Misfit) => void;

/**
 * Throws an {@link UnfitAnswer} where the answer is not the operation's response. One that has drifted beyond reading is
 * handed on as it came where `onDrift` is told, and else is thrown, too.
 */
export type Decode = (response: HttpResponse, onDrift?: OnDrift) => unknown;

/** Prepares an operation's decoder: its table is parsed and its codec is built here, once. */
export function decoderOf(operation: AnyOperation): Decode {
  const read = readerOf(operation);
  return (response, onDrift) => {
    if (!isSuccess(response)) throw new UnfitAnswer(operation.action, response);
    return read(response, onDrift);
  };
}

export function isSuccess({ status }: HttpHead): boolean {
  return status >= 200 && status < 300;
}

function readerOf(operation: AnyOperation): Decode {
  if (operation.responseType === 'text') return (response) => textOf(response);
  if (operation.responseType === 'bytes') return ({ body, bytes }) => bytes ?? new TextEncoder().encode(body);
  if (operation.response === undefined) return () => ({});
  const schema = parseType(operation.response);
  // The data of an event that is described as a text is no JSON.
  if (operation.responseType === 'events' && schema.kind === 'string') return ({ body }) => body;
  return jsonReaderOf(operation, schema);
}

function jsonReaderOf({ action, responseType: kind }: AnyOperation, schema: Schema): Decode {
  const type = responseType(schema);
  return (response, onDrift) => {
    const { body } = response;
    if (isBlank(body)) return emptyOf(schema);
    let read: ReadJson;
    try {
      read = type.readJson(body);
    } catch {
      const misfit = { response, drift: undefined };
      if (kind !== 'events' || onDrift === undefined) throw new UnfitAnswer(action, response, misfit);
      // The connection is there, and more events may follow.
      onDrift(misfit);
      return body;
    }
    if (read.drift !== undefined) {
      const misfit = { response, drift: read.drift };
      if (onDrift === undefined) throw new UnfitAnswer(action, response, misfit);
      onDrift(misfit);
    }
    return read.value ?? emptyOf(schema);
  };
}

/** An error comes as text, whatever was asked for. */
export function textOf({ body, bytes }: HttpResponse): string {
  return bytes === undefined ? body : new TextDecoder().decode(bytes);
}

/** Without a copy of what may be long. */
function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

function emptyOf(schema: Schema): unknown {
  return schema.kind === 'array' ? [] : schema.kind === 'string' ? '' : {};
}
