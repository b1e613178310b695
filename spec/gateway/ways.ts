/** A call directly to the emulator, and the same through a gateway to another one. */
import { catchError, concat, EMPTY, lastValueFrom, mergeMap, Observable, of, throwError, toArray } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { isServerError, NetworkError, toAlicloudError } from '../../lib/errors.js';
import { createGateway, type Gateway } from '../../lib/gateway/index.js';
import { fromReadableStream } from '../../lib/interop/from-readable-stream.js';
import type { AnyOperation, Operation } from '../../lib/service.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';
import { base, credentials, origin, regionId } from './support.js';

type Called = Operation<unknown, unknown>;

/** As a page's `fetch`, to a gateway in this process. */
export function fetchOver(gateway: Gateway): Transport {
  const fetched = ({ url, method, headers, body }: HttpRequest): Observable<Response> =>
    new Observable((subscriber) => {
      const caller = new AbortController();
      const request = new Request(url, {
        method,
        headers: { ...headers, origin, 'sec-fetch-site': 'same-origin' },
        body: (body ?? null) as BodyInit | null,
        signal: caller.signal,
      });
      let hasHead = false;
      gateway.handle(request).then(
        (response) => {
          hasHead = true;
          subscriber.next(response);
          subscriber.complete();
        },
        (error: unknown) => subscriber.error(error),
      );
      // From then on it is the body that is cancelled.
      return () => {
        if (!hasHead) caller.abort();
      };
    });
  const headOf = ({ status, headers }: Response): HttpHead => ({ status, headers: Object.fromEntries(headers) });
  return {
    send: (request) =>
      fetched(request).pipe(
        mergeMap(async (response): Promise<HttpResponse> => {
          const bytes = new Uint8Array(await response.arrayBuffer());
          const isBytes = request.responseType === 'bytes';
          return {
            ...headOf(response),
            body: isBytes ? '' : new TextDecoder().decode(bytes),
            ...(isBytes ? { bytes } : {}),
          };
        }),
      ),
    stream: (request) =>
      fetched(request).pipe(
        mergeMap((response) => {
          const pieces$: Observable<Uint8Array> = response.body === null ? EMPTY : fromReadableStream(response.body);
          return concat(of(headOf(response)), pieces$);
        }),
        catchError((error: unknown) => throwError(() => new NetworkError(String(error), origin))),
      ),
  };
}

export interface Ways {
  readonly direct: AlicloudClient;
  readonly through: AlicloudClient;
  readonly gateway: Gateway;
}

export function waysOf(operations: readonly AnyOperation[]): Ways {
  const now = Date.now();
  // Of one time, so that what boots in both has come as far.
  const [own, behind] = [0, 1].map(() => createEmulator({ seed: 'round trip', clock: () => now })) as [
    Emulator,
    Emulator,
  ];
  const gateway = createGateway({
    client: { regionId, credentials, transport: behind.transport, retry: false },
    origins: [origin],
    allow: operations,
    authorize: () => ({ id: 'a' }),
    rates: { requests: 100_000 },
    warn: () => undefined,
  });
  return {
    gateway,
    direct: new AlicloudClient({ regionId, credentials, transport: own.transport, retry: false }),
    through: new AlicloudClient({ regionId, gateway: base, transport: fetchOver(gateway), retry: false }),
  };
}

/** All that a call emits, and what it ends in. */
export function outcomeOf(
  client: AlicloudClient,
  operation: AnyOperation,
  request: unknown,
  options = {},
): Promise<unknown> {
  const answers$: Observable<unknown> = client.call(operation as Called, request, options);
  return lastValueFrom(
    answers$.pipe(
      toArray<unknown>(),
      catchError((error: unknown): Observable<unknown> => {
        const { code, message, name } = toAlicloudError(error);
        return of(
          isServerError(error) ? { code, message, status: error.status, requestId: error.requestId } : { name, code },
        );
      }),
    ),
  );
}
