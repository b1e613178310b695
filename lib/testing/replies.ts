/** The service's answers, as they look on the wire. */
import { map, type Observable } from 'rxjs';
import type { ServerError } from '../errors.js';
import { stringifyJson } from '../schema/json.js';
import { isAbsent, isObject } from '../schema/values.js';
import { apiError } from './api-error.js';
import type { CompiledOperation } from './operations.js';
import type { Reply, WireRequest } from './wire.js';

const json = 'application/json;charset=utf-8';

export function successReply(operation: CompiledOperation, answer: unknown, requestId: string): Reply {
  const { descriptor, path, response } = operation;
  const headers = { 'x-acs-request-id': requestId };
  if (descriptor.responseType === 'bytes') {
    const body = answer instanceof Uint8Array || typeof answer === 'string' ? answer : toJson(answer);
    return { status: 200, headers: { ...headers, 'content-type': 'application/octet-stream' }, body };
  }
  if (path !== undefined && response === undefined) return { status: 204, headers, body: '' };
  if (answer === undefined)
    throw apiError(500, 'InternalError', `The handler of ${descriptor.action} gave no response.`);
  if (descriptor.responseType === 'text') {
    const body = typeof answer === 'string' ? answer : toJson(answer);
    return { status: 200, headers: { ...headers, 'content-type': 'text/plain;charset=utf-8' }, body };
  }
  const complete = hasRequestId(operation, answer) ? answer : withRequestId(operation, answer, requestId);
  return { status: 200, headers: { ...headers, 'content-type': json }, body: toJson(complete) };
}

/** Each answer as an event, as it comes. */
export function eventsReply({ response }: CompiledOperation, answers: Observable<unknown>, requestId: string): Reply {
  const dataOf = (answer: unknown): string =>
    response?.kind === 'string' && typeof answer === 'string' ? answer : toJson(answer);
  const headers = { 'x-acs-request-id': requestId, 'content-type': 'text/event-stream;charset=utf-8' };
  return { status: 200, headers, body: '', more: answers.pipe(map((answer) => eventOf(dataOf(answer)))) };
}

function eventOf(data: string): string {
  return `${data
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`;
}

/** The same answer with the call's id in it, where answers of this operation have one: all of RPC do. */
export function withRequestId(operation: CompiledOperation, answer: unknown, requestId: string): unknown {
  const name = requestIdField(operation);
  return isObject(answer) && name !== undefined ? { ...answer, [name]: requestId } : answer;
}

function hasRequestId(operation: CompiledOperation, answer: unknown): boolean {
  return isObject(answer) && !isAbsent(answer[requestIdField(operation) ?? '']);
}

function requestIdField({ path, response }: CompiledOperation): string | undefined {
  const fields = response?.kind === 'struct' ? response.fields : [];
  const declared = fields.find(({ name }) => /^request_?id$/i.test(name))?.name;
  return declared ?? (path === undefined ? 'RequestId' : undefined);
}

export function errorReply(error: ServerError, request: WireRequest, requestId: string): Reply {
  const { status, code, message, accessDeniedDetail } = error;
  const body = {
    RequestId: requestId,
    HostId: request.headers.host ?? '',
    Code: code,
    Message: message,
    Recommend: `https://api.alibabacloud.com/troubleshoot?q=${encodeURIComponent(code)}`,
    ...(accessDeniedDetail === undefined ? {} : { AccessDeniedDetail: accessDeniedDetail }),
  };
  return {
    status,
    headers: { ...controlHeaders(error.headers), 'x-acs-request-id': requestId, 'content-type': json },
    body: toJson(body),
  };
}

/** The time of the answer by the emulator's clock: what clients set their own by. */
export function dateHeader(now: number): string {
  return new Date(now).toUTCString();
}

/** `JSON.stringify` is the fast one, and refuses `bigint`. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return stringifyJson(value) ?? '';
  }
}

/** Where an error was recorded from a real call, its headers are about that answer's body, mostly. */
function controlHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => /^(x-acs-|x-ratelimit-|retry-after$)/i.test(name)),
  );
}
