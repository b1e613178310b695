/** What a gateway and its clients say in headers. */

/** The id of an attempt: a UUID in lower case. Forms can't send it, so that pages of other origins need a preflight. */
export const attemptHeader = 'x-rx-alicloud-attempt';

/** `true` on an answer that is given again. */
export const replayedHeader = 'x-rx-alicloud-replayed';

/** Of a call without binary content. */
export const jsonType = 'application/json';

/** Of a call with binary content: a frame, as `frame.ts` writes it. */
export const frameType = 'application/vnd.rx-alicloud.call';
