import type { Attempt } from './errors.js';

/** A response with the HTTP facts around it. */
export interface FullResponse<Body> {
  readonly body: Body;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** How often the request was sent, and what became of it each time; the last one gave this response. */
  readonly attempts: readonly Attempt[];
  /** Of an operation that answers with events: what the server says of this one. */
  readonly event?: Omit<ServerSentEvent, 'data'> | undefined;
}

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
