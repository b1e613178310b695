import { AsyncLocalStorage } from 'node:async_hooks';
import {
  concat,
  finalize,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  Observable,
  of,
  share,
  Subject,
  tap,
  timer,
} from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { AttemptInterceptor, CallInterceptor } from '../../lib/interceptor.js';
import type { Operation } from '../../lib/service.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';
import { ok, read, throttle } from './support.js';

const streamed: Operation<{ Marker: string }, Uint8Array> = {
  ...read,
  action: 'GetFile',
  responseType: 'bytes',
} as never;

const stores = new AsyncLocalStorage<number>();

/** Answers all requests from one loop, as a socket does: in the async context of whoever has opened it. */
class OneSocket implements Transport {
  private readonly waiting: { request: HttpRequest; answer: (response: HttpResponse) => void }[] = [];
  private readonly looped = new Subject<void>();

  constructor(private readonly respond: (sent: number) => HttpResponse) {
    let sent = 0;
    this.looped.subscribe(() => {
      const all = this.waiting.splice(0);
      for (const { answer } of all) answer(this.respond(sent++));
      if (all.length > 0) setImmediate(() => this.looped.next());
    });
  }

  send(request: HttpRequest): Observable<HttpResponse> {
    return new Observable((subscriber) => {
      this.waiting.push({ request, answer: (response) => (subscriber.next(response), subscriber.complete()) });
      if (this.waiting.length === 1) setImmediate(() => this.looped.next());
    });
  }

  stream(request: HttpRequest): Observable<HttpHead | Uint8Array> {
    return this.send(request).pipe(
      mergeMap(({ status, headers, body }) => concat(of({ status, headers }), of(new TextEncoder().encode(body)))),
    );
  }
}

const seen = new Map<number, Set<unknown>>();

function see(call: number): void {
  seen.set(call, (seen.get(call) ?? new Set()).add(stores.getStore()));
}

const interceptor: CallInterceptor = (next) => (call) => {
  const { Marker } = call.request as { Marker: string };
  see(Number(Marker));
  return next(call).pipe(
    tap({ next: () => see(Number(Marker)), complete: () => see(Number(Marker)), error: () => see(Number(Marker)) }),
    finalize(() => see(Number(Marker))),
  );
};

const attemptInterceptor: AttemptInterceptor = (next) => (attempt) => {
  const { Marker } = attempt.call.request as { Marker?: string };
  // One that asks for the host, on behalf of all.
  if (Marker === undefined) return next(attempt);
  see(Number(Marker));
  return next(attempt).pipe(tap(() => see(Number(Marker))));
};

const numbers = Array.from({ length: 20 }, (_, index) => index);

function callsIn(client: AlicloudClient, make: (call: number) => Observable<unknown>): Promise<unknown> {
  seen.clear();
  const all = numbers.map((call) => stores.run(call, () => make(call)));
  return lastValueFrom(merge(...all), { defaultValue: undefined }).then(() => lastValueFrom(client.shutdown()));
}

/** Asks once for all that wait: it gives in the async context of the first of them. */
const shared$ = timer(1).pipe(
  map(() => ({ accessKeyId: 'id', accessKeySecret: 'secret' })),
  share(),
);

const option: Record<string, ClientOptions> = {
  'without the async mode': {},
  'in a pool': { enableAsync: true, poolSize: 2 },
  'in a pool, observed': { enableAsync: true, poolSize: 2, logger: () => undefined },
  'in a pool, with interceptors': {
    enableAsync: true,
    poolSize: 2,
    interceptors: [interceptor],
    attemptInterceptors: [attemptInterceptor],
  },
  'in a pool, with credentials that come later': {
    enableAsync: true,
    poolSize: 2,
    credentials: () => lastValueFrom(timer(1)).then(() => ({ accessKeyId: 'id', accessKeySecret: 'secret' })),
  },
  'without the async mode, with credentials that come for all at once': {
    credentials: () => shared$,
    attemptInterceptors: [attemptInterceptor],
  },
};

describe.each(Object.entries(option))('calls %s', (_, options) => {
  const clientOf = (respond: (sent: number) => HttpResponse = () => ok()): AlicloudClient =>
    new AlicloudClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey('id', 'secret'),
      transport: new OneSocket(respond),
      retry: { throttledDelay: 1 },
      ...options,
    });

  const own = (): void =>
    expect([...seen].sort(([a], [b]) => a - b).map(([call, found]) => [call, ...found])).toEqual(
      numbers.map((call) => [call, call]),
    );

  /** Makes a call that notes where its listener is told. */
  const observed =
    (client: AlicloudClient) =>
    (call: number): Observable<never> => {
      const done = new Subject<never>();
      client
        .call(read, { Marker: String(call) })
        .subscribe({ next: () => see(call), complete: () => (see(call), done.complete()) });
      return done;
    };

  it('tell what becomes of them in their own async context', async () => {
    const client = clientOf();
    await callsIn(client, observed(client));
    own();
  });

  it('do so after a throttle, which one of them has met for all', async () => {
    const client = clientOf((sent) => (sent < 2 ? throttle({ 'x-acs-retry-after': '5' }) : ok()));
    await callsIn(client, observed(client));
    own();
  });

  it('do so where the answer is streamed', async () => {
    const client = clientOf();
    await callsIn(client, (call) => {
      const done = new Subject<never>();
      client.call(streamed, { Marker: String(call) }, { observe: 'stream' }).subscribe({
        next: () => see(call),
        complete: () => (see(call), done.complete()),
      });
      return done;
    });
    own();
  });

  it('do so where all of them wait for the same host to be found', async () => {
    const located = { Endpoints: { Endpoint: [{ Endpoint: 'elsewhere.aliyuncs.com' }] } };
    const client = new AlicloudClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey('id', 'secret'),
      transport: new OneSocket(() => ({ ...ok(), body: JSON.stringify({ N: 1, ...located }) })),
      locationService: true,
      ...options,
      attemptInterceptors: [attemptInterceptor],
    });
    const homeless = { ...read, service: { ...read.service, endpoints: { prefix: 'x', rule: 'none', regions: {} } } };
    await callsIn(client, (call) => {
      const done = new Subject<never>();
      client
        .call(homeless as typeof read, { Marker: String(call) })
        .subscribe({ next: () => see(call), complete: () => (see(call), done.complete()) });
      return done;
    });
    own();
  });

  it('call their callbacks in it, also to tell of an abort', async () => {
    const client = clientOf();
    if (options.enableAsync !== true) client.enableAsync(1);
    seen.clear();
    const all = numbers.map((call) =>
      stores.run(call, () => client.callWithCallback(read, { Marker: String(call) }, () => see(call)).receive()),
    );
    setImmediate(() => client.shutdown({ mode: 'abort' }));
    await Promise.all(all);
    own();
  });
});
