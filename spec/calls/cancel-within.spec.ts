/** A call that is cancelled while it is being subscribed to, by whoever is told of it on its way, sends nothing. */
import { finalize, NEVER, Observable, of, type Subscriber } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import type { CallEvent } from '../../lib/events/events.js';
import { answer, defaultOptions, MemoryTransport, operation } from '../pipeline/support.js';

type Place = (cancel: () => void) => { readonly options?: ClientOptions; readonly event?: CallEvent['type'] };

const places: [string, Place][] = [
  ['a listener, on its start', () => ({ event: 'started' })],
  ['a listener, on its attempt', () => ({ event: 'attempt' })],
  ['an interceptor', (cancel) => ({ options: { interceptors: [(next) => (call) => (cancel(), next(call))] } })],
  [
    'an interceptor of attempts',
    (cancel) => ({ options: { attemptInterceptors: [(next) => (request) => (cancel(), next(request))] } }),
  ],
  ['a provider', (cancel) => ({ options: { credentials: () => (cancel(), defaultOptions.credentials()) } })],
];
const observed = ['body', 'events', 'stream'] as const;
const modes = [true, false];

describe.each(places)('A call that is cancelled by %s', (_by, placeOf) => {
  it.each(observed.flatMap((observe) => modes.map((enableAsync) => ({ observe, enableAsync }))))(
    'sends nothing, and frees its slot: %j',
    ({ observe, enableAsync }) => {
      let caller: Subscriber<unknown> | undefined;
      const cancel = (): void => caller?.unsubscribe();
      const { options, event } = placeOf(cancel);
      const transport = new MemoryTransport(() => of(answer('{}')));
      const streaming = { send: transport.send.bind(transport), stream: transport.send.bind(transport) };
      const client = new AlicloudClient({
        ...defaultOptions,
        ...options,
        transport: streaming,
        enableAsync,
        poolSize: 1,
      });
      client.events$.subscribe(({ type }) => {
        if (type === event) cancel();
      });
      const told: unknown[] = [];
      const finalised: string[] = [];
      const call$ = client.call(operation({ responseType: 'bytes' }) as never, {} as never, { observe } as never);
      new Observable((subscriber) => {
        caller = subscriber;
        return (call$ as Observable<unknown>).pipe(finalize(() => finalised.push('once'))).subscribe(subscriber);
      }).subscribe({ next: (value) => told.push(value), error: (error) => told.push(error) });

      expect(transport.sent).toEqual([]);
      expect(told).toEqual([]);
      expect(finalised).toEqual(['once']);
      const left: unknown[] = [];
      client.shutdown().subscribe((depth) => left.push(depth));
      expect(left.at(-1)).toEqual({ running: 0, waiting: 0 });
    },
  );
});

it.each(modes)('A call whose caller has unsubscribed before takes no place and is not sent: %s', (enableAsync) => {
  const transport = new MemoryTransport(() => NEVER);
  const client = new AlicloudClient({ ...defaultOptions, transport, enableAsync, poolSize: 1 });
  new Observable((subscriber) => {
    subscriber.unsubscribe();
    return client.call(operation() as never, {} as never).subscribe(subscriber);
  }).subscribe();
  expect(transport.sent).toEqual([]);
  const left: unknown[] = [];
  client.shutdown().subscribe((depth) => left.push(depth));
  expect(left).toEqual([{ running: 0, waiting: 0 }]);
});
