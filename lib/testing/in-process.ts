/** The emulator as a transport: the same requests and answers as over a socket, without one. */
import { defer, delay, map, of, switchMap, takeUntil, throwIfEmpty, type Observable } from 'rxjs';
import { ClientError } from '../errors.js';
import type { HttpRequest, HttpResponse, Transport } from '../transport/transport.js';
import type { Exchange } from './exchange.js';
import type { Reply, WireRequest } from './wire.js';

/** What `closing` emits ends the requests that are under way. */
export function createTransport(exchange: Exchange, closing: Observable<unknown>): Transport {
  return {
    send: (request) =>
      defer(() => exchange(toWire(request))).pipe(
        switchMap(deliver),
        takeUntil(closing),
        throwIfEmpty(() => broken('The emulator was closed while the request was under way')),
      ),
  };
}

function toWire({ method, url, headers, body }: HttpRequest): WireRequest {
  const start = url.indexOf('//') + 2;
  const end = url.slice(start).search(/[/?#]|$/) + start;
  const target = url.slice(end).replace(/#.*/s, '');
  return {
    method,
    target: target.startsWith('/') ? target : `/${target}`,
    headers: { ...headers, host: url.slice(start, end) },
    body: body ?? '',
  };
}

function deliver(reply: Reply): Observable<HttpResponse> {
  const { status, headers, body, delivery } = reply;
  const whole = of({ status, headers, body });
  switch (delivery?.kind) {
    case undefined:
      return whole;
    case 'slow':
      return whole.pipe(delay(delivery.duration));
    case 'cut':
      return whole.pipe(map(() => fail('The connection broke in the middle of the answer')));
    case 'reset':
      return whole.pipe(map(() => fail('The connection was reset before an answer came')));
  }
}

function fail(message: string): never {
  throw broken(message);
}

/** Like the error of a socket: whoever looks at the cause's code finds one. */
function broken(message: string): ClientError {
  return new ClientError('SDK.NetworkError', message, {
    cause: Object.assign(new Error(message), { code: 'ECONNRESET' }),
  });
}
