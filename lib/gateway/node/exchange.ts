import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request in Node, and what it is answered by. */
export interface Exchange {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborts when the caller has gone before the end of its answer. */
  readonly signal: AbortSignal;
}

export function openExchange(message: IncomingMessage, response: ServerResponse): Exchange {
  const gone = new AbortController();
  const leave = (): void => {
    if (!response.writableFinished) gone.abort();
  };
  if (response.destroyed) leave();
  else response.once('close', leave);
  return { message, response, signal: gone.signal };
}
