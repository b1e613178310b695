/** What becomes of a request: one stream of events for answers of every kind. */
import type { Attempt } from './errors.js';

/** A whole answer, one event of a stream of events, or a piece of bytes, with the HTTP facts around it. */
export interface FullResponse<Body> {
  /** `chunk`: one of many, of an answer that comes as it is made. */
  readonly kind: 'response' | 'chunk';
  readonly body: Body;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** How often the request was sent, and what became of it each time; the last one gave this response. */
  readonly attempts: readonly Attempt[];
  /** Of an operation that answers with events: what the server says of this one. */
  readonly event?: Omit<ServerSentEvent, 'data'> | undefined;
}

/** The answer has begun: `chunk`s follow. */
export interface ResponseHead {
  readonly kind: 'head';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How far the upload of a file is, or of a request's body. */
export interface UploadProgress {
  readonly kind: 'uploadProgress';
  /** The field that holds the file, such as `ImageURL` or `Tasks[0].ImageURL`; absent for the body of the call itself. */
  readonly field?: string | undefined;
  /** How many bytes have been sent. */
  readonly loaded: number;
  /** How many there are: the file's, and some around them. */
  readonly total: number;
}

/**
 * What a handler emits. A call whose answer comes whole emits its `response` at the end, after the progress of its uploads
 * where it has any; one whose answer comes in pieces its `head`, and then `chunk`s.
 */
export type HttpEvent<Body = unknown> = FullResponse<Body> | ResponseHead | UploadProgress;

/** An event of a server-sent stream, as the HTML standard has it. */
export interface ServerSentEvent {
  /** The lines of its data, joined by line feeds. */
  readonly data: string;
  /** What the server calls it, else `message`. */
  readonly type: string;
  /** The last id that the server has given, to this event or to one before; else empty. */
  readonly id: string;
  /** How long the server wants a client to wait before it connects again, in milliseconds, where the event says so. */
  readonly retry?: number | undefined;
}
