import { isSuccess, textOf } from '../codec/decode.js';
import { UnfitAnswer } from '../codec/unfit-answer.js';
import type { HttpHead, HttpResponse } from '../transport/transport.js';
import type { CallContext } from './call-context.js';

/**
 * Whether a success is not the gateway's but of something in its place, such as a page to log in or an app's own: taken for an
 * answer, it would be a text, bytes, or the end of events that never were.
 */
export function isForeignAnswer({ plan: { answerType } }: CallContext, head: HttpHead): boolean {
  if (answerType === undefined || !isSuccess(head)) return false;
  const { 'content-type': given = '' } = head.headers;
  if (given === '') return false;
  return given.split(';')[0]?.trim().toLowerCase() !== answerType;
}

export function refusedAnswer({ operation, plan: { answerType } }: CallContext, answer: HttpResponse): UnfitAnswer {
  const { status, headers } = answer;
  const response = { status, headers, body: textOf(answer) };
  return new UnfitAnswer(operation.action, response, { response, drift: undefined, expected: answerType });
}
