/** What a gateway and its clients say in headers. */
import type { AnyOperation } from '../service.js';

/** The id of an attempt: a UUID in lower case. Forms can't send it, so that pages of other origins need a preflight. */
export const attemptHeader = 'x-rx-alicloud-attempt';

/** `true` on an answer that is given again. */
export const replayedHeader = 'x-rx-alicloud-replayed';

/** Of a call without binary content. */
export const jsonType = 'application/json';

/** Of a call with binary content: a frame, as `frame.ts` writes it. */
export const frameType = 'application/vnd.rx-alicloud.call';

/** The content type of what an operation answers with, without parameters; refusals are JSON nevertheless. */
export function answerTypeOf({ responseType }: Pick<AnyOperation, 'responseType'>): string {
  return responseType === undefined ? jsonType : answerTypes[responseType];
}

const answerTypes = {
  json: jsonType,
  text: 'text/plain',
  bytes: 'application/octet-stream',
  events: 'text/event-stream',
} as const;

/** What a client accepts as the answer to an operation; refusals are JSON nevertheless. */
export function acceptOf(operation: AnyOperation): string {
  return operation.responseType === 'text' ? jsonType : answerTypeOf(operation);
}
