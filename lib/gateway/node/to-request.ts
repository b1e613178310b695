import type { TLSSocket } from 'node:tls';
import type { Exchange } from './exchange.js';

/** A request of Node in fetch form, for this target. Its head has been checked, by `checkMessage`. */
export function toRequest(exchange: Exchange, target: string): Request {
  const { message, signal } = exchange;
  const { method = 'GET', rawHeaders } = message;
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  const scheme = (message.socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
  const init: RequestInit & { duplex: 'half' } = { method, headers, signal, duplex: 'half' };
  if (method !== 'GET' && method !== 'HEAD') init.body = toBody(exchange);
  return new Request(`${scheme}://${headers.get('host')}${target}`, init);
}

/**
 * A chunk is read when it is asked for, so that a body that nobody reads stays on the wire. Not by an iterator of the message:
 * one that waits for a chunk can't be left before that has come.
 */
function toBody({ message, response }: Exchange): ReadableStream<Uint8Array> {
  let isOver = false;
  const once = (act: () => void) => (): void => {
    if (!isOver) act();
    isOver = true;
  };
  message.pause();
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        message.on('data', (chunk: Uint8Array) => {
          // Answered already: what follows is dropped, by `sendResponse`.
          if (isOver || response.headersSent) return;
          message.pause();
          controller.enqueue(new Uint8Array(chunk));
        });
        message.once(
          'end',
          once(() => controller.close()),
        );
        message.once(
          'close',
          once(() => controller.error(new Error('The connection broke before the end of the body.'))),
        );
        message.on('error', () => undefined);
      },
      pull: () => void message.resume(),
      cancel: once(() => undefined),
    },
    { highWaterMark: 0 },
  );
}
