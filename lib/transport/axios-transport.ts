import type { AxiosInstance } from 'axios';
import { catchError, concat, concatMap, defer, finalize, from, Observable, of, throwError } from 'rxjs';
import { openConnections } from '#platform';
import type { Exchange } from '../platform/connections.js';
import { axiosErrorOf } from './axios-error.js';
import { streamedResponseOf, wholeResponseOf } from './axios-response.js';
import { clientOver, clientThrough, type HttpClient } from './http-client.js';
import type { ConnectionOptions } from './connection-options.js';
import { limitedTo } from './limited.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from './transport.js';

export interface AxiosTransportOptions extends ConnectionOptions {
  /**
   * An instance of your own, whose interceptors see each request and response. Where it has an adapter, agents or a proxy
   * of its own, requests travel on these, and the other options count for nothing.
   */
  readonly axios?: AxiosInstance | undefined;
}

/**
 * The transport over axios' interface, with one set of keep-alive connections.
 *
 * @throws ConfigurationError where an option can't work.
 */
export function axiosTransport(options: AxiosTransportOptions = {}): Transport {
  return openTransport(options).transport;
}

/** What a client has where it is given no transport. */
export interface OpenedTransport {
  readonly transport: Transport;
  /** The same connections without axios' interface, where there is no instance that is to hear of requests. */
  readonly exchange?: Exchange | undefined;
}

/** @throws ConfigurationError where an option can't work. */
export function openTransport({ axios, ...options }: AxiosTransportOptions): OpenedTransport {
  const { adapter, exchange, closeIdle, admit, reserve } = openConnections(options);
  const client = axios === undefined ? clientOver(adapter) : clientThrough(axios, adapter);
  return {
    exchange: axios === undefined ? exchange : undefined,
    transport: {
      send: (request) => sendWhole(client, request),
      stream: (request) => sendStreaming(client, request),
      closeIdle,
      ...(client.isOurs && admit && reserve ? { admit, reserve } : {}),
    },
  };
}

/** By hand: operators around a promise would cost as much as the rest of this folder. */
function sendWhole(client: HttpClient, request: HttpRequest): Observable<HttpResponse> {
  return new Observable((subscriber) => {
    const { responseType = 'text' } = request;
    const abortable = client.abortable();
    let isOver = false;
    const fail = (error: unknown): void => {
      isOver = true;
      subscriber.error(axiosErrorOf(error, request));
    };
    client.send(request, responseType === 'text' ? 'text' : 'arraybuffer', abortable.signal).then((response) => {
      isOver = true;
      if (subscriber.closed) return;
      try {
        const whole = wholeResponseOf(response, request, client);
        // The promise may have reached the garbage collector's old generation, and would keep the body alive with it.
        if (client.hasPlainHeaders) (response as { data: unknown }).data = undefined;
        subscriber.next(whole);
      } catch (error) {
        return fail(error);
      }
      subscriber.complete();
    }, fail);
    // Aborting what has ended would make an error for nobody.
    return () => {
      if (!isOver) abortable.abort();
    };
  });
}

function sendStreaming(client: HttpClient, request: HttpRequest): Observable<HttpHead | Uint8Array> {
  return defer(() => {
    const abortable = client.abortable();
    return from(client.send(request, 'stream', abortable.signal)).pipe(
      concatMap((response) => {
        const { head, pieces } = streamedResponseOf(response, request, client);
        return concat(of(head), pieces.pipe(limitedTo(request)));
      }),
      catchError((error: unknown) => throwError(() => axiosErrorOf(error, request))),
      finalize(() => abortable.abort()),
    );
  });
}
