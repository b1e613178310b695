import { AsyncLocalStorage } from 'node:async_hooks';
import { concat, delay, map, mergeMap, of, Subject, take, tap, timer, type Observable } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { ConfigurationError } from '../../lib/errors.js';
import type { FullResponse, HttpEvent } from '../../lib/http-event.js';
import type { CallHandler, CallRequest } from '../../lib/interceptor.js';
import { shareReads } from '../../lib/operators/share-reads.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { marbles } from '../async/marbles.js';
import { ok, play, read, refusal, Scripted, write, type Stage, type Step } from '../calls/support.js';
import { MemoryTransport, answer } from '../pipeline/support.js';
import { itKeepsTheLaws } from './laws.js';

const call: CallRequest = { operation: read, request: {}, options: undefined };

function response(body: unknown): FullResponse<unknown> {
  return { kind: 'response', body, status: 200, headers: {}, attempts: [] };
}

const slow = (after: number): Step => [after, ok()];

/** Calls through a client of its own whose reads are shared. */
function shared(
  steps: readonly Step[],
  scene: (stage: Stage) => void,
  options: Parameters<typeof shareReads>[0] = {},
): void {
  play(steps, { interceptors: [shareReads(options)], retry: false }, scene);
}

describe('shareReads', () => {
  itKeepsTheLaws({
    operator: (source) => {
      const next: CallHandler = () => source.pipe(map(response));
      return shareReads()(next)(call).pipe(map((event) => (event as FullResponse<unknown>).body));
    },
    never: '-',
    empty: '--|',
    one: '--a|',
    error: '--#',
    synchronous: '(a|)',
  });

  it('makes one request of equal reads, whatever the order of their fields', () => {
    shared([slow(10)], ({ client, transport, run, flush, scheduler }) => {
      const first = run(client.call(read, { Marker: 'x' }));
      let second: ReturnType<typeof run> | undefined;
      scheduler.schedule(() => (second = run(client.call(read, { Marker: 'x', Other: undefined }))), 4);
      flush();
      expect(transport.times).toEqual([0]);
      expect([first.at, second?.at]).toEqual([10, 10]);
      expect([first.values, second?.values]).toEqual([[{ N: 1 }], [{ N: 1 }]]);
    });
  });

  it.each<[string, (stage: Stage) => Observable<unknown>]>([
    ['another request', ({ client }) => client.call(read, { Marker: 'y' })],
    ['another region', ({ client }) => client.call(read, { Marker: 'x' }, { regionId: 'cn-beijing' })],
    ['other headers', ({ client }) => client.call(read, { Marker: 'x' }, { headers: { 'x-a': '1' } })],
    [
      'other credentials',
      ({ client }) => client.call(read, { Marker: 'x' }, { credentials: accessKey('LTAI5tOther', 's') }),
    ],
    ['another operation', ({ client }) => client.call({ ...read, action: 'DescribeRegions' }, { Marker: 'x' })],
    ['other tables', ({ client }) => client.call({ ...read, response: '{N:s}' }, { Marker: 'x' })],
    ['observed events', ({ client }) => client.call(read, { Marker: 'x' }, { observe: 'events' })],
  ])('sends those with %s on their own', (_what, other) => {
    shared([slow(10)], (stage) => {
      stage.run(stage.client.call(read, { Marker: 'x' }));
      stage.run(other(stage));
      stage.flush();
      expect(stage.transport.times).toEqual([0, 0]);
    });
  });

  it('merges reads of which the body and of which the whole response is wanted', () => {
    shared([slow(10)], ({ client, transport, run, flush }) => {
      const body = run(client.call(read, {}));
      const whole = run(client.call(read, {}, { observe: 'response' }));
      flush();
      expect([transport.times, body.values]).toEqual([[0], [{ N: 1 }]]);
      expect(whole.values).toEqual([expect.objectContaining({ status: 200, body: { N: 1 } })]);
    });
  });

  it('never merges what may do anything but read', () => {
    shared([slow(10)], ({ client, transport, run, flush }) => {
      for (let i = 0; i < 3; i++) run(client.call(write, { Marker: 'x' }));
      flush();
      expect(transport.times).toEqual([0, 0, 0]);
    });
  });

  it('merges calls without a description, too, by their content', () => {
    const transport = new MemoryTransport(() => of(answer('{"N":1}')).pipe(delay(10)));
    marbles(({ flush }) => {
      const client = new AlicloudClient({
        regionId: 'cn-hangzhou',
        credentials: accessKey('LTAI5tId', 's'),
        transport,
        interceptors: [shareReads()],
      });
      const untyped = (action: string) =>
        client.request({ product: 'Ecs', version: '2014-05-26', action, query: { A: ['b'] } }).subscribe();
      untyped('DescribeZones');
      untyped('DescribeZones');
      untyped('DescribeRegions');
      untyped('RunInstances');
      untyped('RunInstances');
      flush();
    });
    expect(transport.sent).toHaveLength(4);
  });

  it('takes one slot of the async mode', () => {
    const options = { interceptors: [shareReads()], enableAsync: true, poolSize: 1, maxTaskQueueSize: 0 };
    play([slow(10)], options, ({ client, run, flush, transport }) => {
      const both = [run(client.call(read, {})), run(client.call(read, {}))];
      flush();
      expect(both.map(({ error, at }) => [error, at])).toEqual([
        [undefined, 10],
        [undefined, 10],
      ]);
      expect(transport.times).toEqual([0]);
    });
  });

  it('aborts the request when the last one who wants it has left, and not before', () => {
    shared([slow(10)], ({ client, transport, flush, scheduler }) => {
      const [first, second] = [client.call(read, {}).subscribe(), client.call(read, {}).subscribe()];
      const underWay: number[] = [];
      scheduler.schedule(() => (first.unsubscribe(), underWay.push(transport.underWay)), 3);
      scheduler.schedule(() => (second.unsubscribe(), underWay.push(transport.underWay)), 5);
      flush();
      expect([underWay, transport.aborted]).toEqual([[1, 0], 1]);
    });
  });

  it('begins anew after it was aborted', () => {
    shared([slow(10)], ({ client, transport, run, flush }) => {
      client.call(read, {}).subscribe().unsubscribe();
      const again = run(client.call(read, {}));
      flush();
      expect([transport.times, again.at]).toEqual([[0, 0], 10]);
    });
  });

  it('gives an error to all, and keeps none', () => {
    shared(
      [[5, refusal(403, 'Forbidden.RAM')], slow(5)],
      ({ client, transport, run, flush, scheduler }) => {
        const both = [run(client.call(read, {})), run(client.call(read, {}))];
        let later: ReturnType<typeof run> | undefined;
        scheduler.schedule(() => (later = run(client.call(read, {}))), 6);
        flush();
        expect(both.map(({ error }) => error?.code)).toEqual(['Forbidden.RAM', 'Forbidden.RAM']);
        expect([transport.times, later?.values]).toEqual([[0, 6], [{ N: 1 }]]);
      },
      { keepFor: 1000 },
    );
  });

  it('keeps answers for as long as it is told, from when they came', () => {
    shared(
      [slow(10)],
      ({ client, transport, run, flush, scheduler }) => {
        run(client.call(read, {}));
        const ends: (number | undefined)[] = [];
        for (const at of [50, 109, 110]) {
          scheduler.schedule(() => {
            const ending = run(client.call(read, {}));
            scheduler.schedule(() => ends.push(ending.at), 20);
          }, at);
        }
        flush();
        expect([transport.times, ends]).toEqual([
          [0, 110],
          [50, 109, 120],
        ]);
      },
      { keepFor: 100 },
    );
  });

  it('keeps no more than it may, the oldest go first', () => {
    shared(
      [ok()],
      ({ client, transport, run }) => {
        for (const Marker of ['a', 'b', 'c', 'b', 'c', 'a']) run(client.call(read, { Marker }));
        expect(transport.said('Marker')).toEqual(['a', 'b', 'c', 'a']);
      },
      { keepFor: 100, maxKept: 2 },
    );
  });

  it('gives nothing from before a call that may change something', () => {
    shared(
      [ok(), slow(10), ok()],
      ({ client, transport, run, flush, scheduler }) => {
        run(client.call(read, {}));
        run(client.call(write, {}));
        run(client.call(read, {}));
        scheduler.schedule(() => run(client.call(read, {})), 11);
        flush();
        // What was read while the change was under way is not given again after it.
        expect(transport.times).toEqual([0, 0, 0, 11]);
      },
      { keepFor: 1000 },
    );
  });

  it('lets nobody join a read that began before a change', () => {
    shared(
      [slow(20), ok(), slow(20)],
      ({ client, transport, run, flush }) => {
        const before = run(client.call(read, {}));
        run(client.call(write, {}));
        const after = run(client.call(read, {}));
        flush();
        expect([transport.times, before.at, after.at]).toEqual([[0, 0, 0], 20, 20]);
      },
      { keepFor: 1000 },
    );
  });

  it('gives whoever reads again in answer an answer of their own', () => {
    shared([slow(5)], ({ client, transport, run, flush }) => {
      const again = client.call(read, {}).pipe(mergeMap(() => client.call(read, {})));
      const ending = run(again);
      flush();
      expect([transport.times, ending.at]).toEqual([[0, 5], 10]);
    });
  });

  it('gives one answer that nobody can change for another', () => {
    shared([slow(5)], ({ client, flush }) => {
      const seen: Record<string, unknown>[] = [];
      for (let i = 0; i < 2; i++) client.call(read, {}).subscribe((body) => seen.push(body));
      flush();
      expect(seen[0]).toBe(seen[1]);
      expect(() => (seen[0]!.N = 2)).toThrow(TypeError);
    });
  });

  it('freezes what lies within, and the facts around it', () => {
    const next: CallHandler = () => of(response({ list: [{ tags: { a: 'b' } }] }));
    let event: HttpEvent | undefined;
    shareReads()(next)(call).subscribe((given) => (event = given));
    const { body, headers, attempts } = event as FullResponse<{ list: { tags: { a: string } }[] }>;
    const parts = [event, body, body.list, body.list[0], body.list[0]?.tags, headers, attempts];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
  });

  it('tells clients apart that have it in common', () => {
    marbles(({ flush }) => {
      const interceptors = [shareReads({ keepFor: 1000 })];
      const answers = ['{"N":1}', '{"N":2}'];
      const seen = answers.map((body) => {
        const transport = new Scripted(() => 0, [[1, { status: 200, headers: {}, body } satisfies HttpResponse]]);
        const client = new AlicloudClient({
          regionId: 'cn-hangzhou',
          credentials: accessKey('LTAI5tId', 's'),
          transport,
          interceptors,
        });
        const values: unknown[] = [];
        concat(client.call(read, {}), client.call(read, {})).subscribe((value) => values.push(value));
        return values;
      });
      flush();
      expect(seen).toEqual([
        [{ N: 1 }, { N: 1 }],
        [{ N: 2 }, { N: 2 }],
      ]);
    });
  });

  it('goes on in the async context of whoever asked', () => {
    const storage = new AsyncLocalStorage<string>();
    const arrives = new Subject<HttpEvent>();
    const handler = shareReads()(() => arrives.pipe(take(1)));
    const seen: (string | undefined)[] = [];
    for (const name of ['a', 'b']) {
      storage.run(name, () =>
        handler(call)
          .pipe(tap({ next: () => seen.push(storage.getStore()), complete: () => seen.push(storage.getStore()) }))
          .subscribe(),
      );
    }
    storage.run('neither', () => arrives.next(response({})));
    expect(seen).toEqual(['a', 'b', 'a', 'b']);
  });

  it("leaves a request that can't be read to the call", () => {
    shared([ok()], ({ client, run }) => {
      const unreadable = {
        get Marker(): string {
          throw new Error('no');
        },
      };
      const { error } = run(client.call(read, unreadable));
      expect(error?.code).toMatch(/^SDK\./);
    });
  });

  it('holds nothing of calls that have ended', () => {
    const handler = shareReads()(() => timer(5).pipe(map(() => response({}))));
    marbles(({ flush }) => {
      const first = handler(call);
      first.subscribe();
      flush();
      const times: HttpEvent[] = [];
      first.subscribe((event) => times.push(event));
      expect(times).toEqual([]);
      flush();
      expect(times).toHaveLength(1);
    });
  });

  it.each([
    [{ keepFor: -1 }, 'Expected `keepFor` to be milliseconds'],
    [{ maxKept: 0 }, 'Expected `maxKept` to be an integer >= 1, got 0'],
    [{ keepfor: 1 }, 'there is no such option'],
  ])('throws at once for %j', (options, message) => {
    expect(() => shareReads(options as object)).toThrow(ConfigurationError);
    expect(() => shareReads(options as object)).toThrow(message);
  });
});
