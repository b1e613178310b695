import { defer, finalize, map, NEVER, of, throwError, type Observable } from 'rxjs';
import type { AlicloudClient } from '../../lib/client.js';
import { ConfigurationError, isClientError, type WaitFailedError, type WaitTimeoutError } from '../../lib/errors.js';
import { defineResource, defineWaiter } from '../../lib/operators/waiter.js';
import { waitFor } from '../../lib/operators/wait-for.js';
import type { Operation } from '../../lib/service.js';
import { marbles } from '../async/marbles.js';
import { service } from '../pipeline/support.js';
import { itKeepsTheLaws } from './laws.js';
import { refusal } from './support.js';

interface Thing {
  readonly id: string;
  readonly state?: string;
}
interface Request {
  readonly ids: readonly string[];
}

const describeThings: Operation<Request, { readonly things?: readonly Thing[] }> = {
  service,
  action: 'DescribeThings',
};

const thing = defineResource({
  operation: describeThings,
  maxIds: 2,
  request: (ids) => ({ ids }),
  items: ({ things }) => things,
  idOf: ({ id }) => id,
  stateOf: ({ state }) => state,
});
const ready = defineWaiter('thingReady', thing, { states: ['ready'], fails: ['broken'] });
const gone = defineWaiter('thingGone', thing, { gone: true });

/** A client, and what it was asked for, whose every call is answered by `answer`. */
function clientWith(answer: (ids: readonly string[]) => Observable<{ things?: Thing[] }>): {
  client: Pick<AlicloudClient, 'call'>;
  asked: (readonly string[])[];
} {
  const asked: (readonly string[])[] = [];
  const call = (_operation: unknown, request: Request) =>
    defer(() => {
      asked.push(request.ids);
      return answer(request.ids);
    });
  return { client: { call: call as never }, asked };
}

/** Each round has the states of all ids: `{ a: 'ready' }`; one that is missing is not there. */
function rounds(...all: readonly Readonly<Record<string, string>>[]): ReturnType<typeof clientWith> {
  let round = 0;
  const { client, asked } = clientWith((ids) => {
    const states = all[Math.min(round, all.length - 1)] ?? {};
    if (ids.includes('a')) round++;
    return of({ things: ids.filter((id) => id in states).map((id) => ({ id, state: states[id] ?? '' })) });
  });
  return { client, asked };
}

const missing = refusal('InvalidThing.NotFound', { status: 404 });
const every10 = { interval: 10, maxInterval: 10 };

describe('waitFor', () => {
  itKeepsTheLaws({
    operator: (source) =>
      waitFor(
        clientWith(() => source.pipe(map((id) => ({ things: [{ id, state: 'ready' }] })))).client,
        ready,
        'a',
        every10,
      ),
    never: '-',
    empty: '--e 11ms e 11ms e 11ms e',
    one: '---(a|)',
    error: '--#',
    synchronous: '(a|)',
    values: { a: [{ id: 'a', state: 'ready' }], e: [] },
  });

  it('emits what is known after each round, in the order of the ids, until all are where they should be', () => {
    marbles(({ expectObservable }) => {
      const { client } = rounds({ b: 'new' }, { b: 'ready', a: 'new' }, { a: 'ready', b: 'ready' });
      expectObservable(waitFor(client, ready, ['a', 'b'], every10)).toBe('p 9ms q 9ms (r|)', {
        p: [{ id: 'b', state: 'new' }],
        q: [
          { id: 'a', state: 'new' },
          { id: 'b', state: 'ready' },
        ],
        r: [
          { id: 'a', state: 'ready' },
          { id: 'b', state: 'ready' },
        ],
      });
    });
  });

  it('asks for any number of ids, in as few requests as may be, five at a time', () => {
    marbles(({ flush, cold }) => {
      const ids = Array.from({ length: 25 }, (_, i) => `t-${i}`);
      let underWay = 0;
      let most = 0;
      const { client, asked } = clientWith((some) =>
        defer(() => {
          most = Math.max(most, ++underWay);
          return cold('---(a|)', { a: { things: some.map((id) => ({ id, state: 'ready' })) } });
        }).pipe(finalize(() => underWay--)),
      );
      let last: readonly Thing[] = [];
      waitFor(client, ready, [...ids, 't-0']).subscribe((things) => (last = things));
      flush();
      expect(asked.map((some) => some.length)).toEqual([...Array<number>(12).fill(2), 1]);
      expect(most).toBe(5);
      expect(last.map(({ id }) => id)).toEqual(ids);
    });
  });

  it('makes no request for none', () => {
    marbles(({ expectObservable }) => {
      const { client, asked } = rounds({});
      expectObservable(waitFor(client, ready, [])).toBe('(a|)', { a: [] });
      expect(asked).toEqual([]);
    });
  });

  it('passes the options of calls on', () => {
    const given: unknown[] = [];
    const call = (...args: unknown[]) => (given.push(args[2]), NEVER);
    waitFor({ call: call }, ready, 'a', { call: { regionId: 'cn-beijing' } })
      .subscribe()
      .unsubscribe();
    expect(given).toEqual([{ regionId: 'cn-beijing', observe: 'body' }]);
  });

  it('fails as soon as one is in a state from which there is no way', () => {
    marbles(({ flush }) => {
      const { client } = rounds({ a: 'ready', b: 'new' }, { a: 'ready', b: 'broken' });
      const seen: unknown[] = [];
      let error: WaitFailedError | undefined;
      waitFor(client, ready, ['a', 'b'], every10).subscribe({
        next: (things) => seen.push(things.map(({ state }) => state)),
        error: (e: WaitFailedError) => (error = e),
      });
      flush();
      expect(seen).toEqual([
        ['ready', 'new'],
        ['ready', 'broken'],
      ]);
      expect(isClientError(error, 'SDK.WaitFailed')).toBe(true);
      expect(error?.message).toBe("thingReady can't come about any more, after 2 answers; the last: b broken");
      expect(error?.last).toEqual([
        { id: 'a', state: 'ready' },
        { id: 'b', state: 'broken' },
      ]);
    });
  });

  it('says when time is up which are not where they should be, three of them', () => {
    marbles(({ flush }) => {
      const { client } = rounds({ a: 'ready', b: 'new', c: 'new', d: 'old' });
      let error: WaitTimeoutError | undefined;
      waitFor(client, ready, ['a', 'b', 'c', 'd', 'e'], { timeout: 5 }).subscribe({
        error: (e: WaitTimeoutError) => (error = e),
      });
      flush();
      expect(error?.message).toBe(
        'thingReady did not come about within 5 ms, after 1 answer; the last: b new, c new, d old and 1 more',
      );
    });
  });

  it('waits as long as its waiter says where no timeout is given', () => {
    marbles(({ flush }) => {
      const slowly = defineWaiter('thingReady', thing, { states: ['ready'], timeout: 3_600_000 });
      const limits: number[] = [];
      const told = { error: ({ timeout }: WaitTimeoutError) => limits.push(timeout) };
      waitFor(rounds({ a: 'new' }).client, ready, 'a').subscribe(told);
      waitFor(rounds({ a: 'new' }).client, slowly, 'a').subscribe(told);
      waitFor(rounds({ a: 'new' }).client, slowly, 'a', { timeout: 5 }).subscribe(told);
      flush();
      expect(limits).toEqual([5, 600_000, 3_600_000]);
    });
  });

  it('waits for what is not visible yet, and fails where it stays so', () => {
    marbles(({ expectObservable, flush }) => {
      const options = { ...every10, visibleWithin: 25 };
      const r = [{ id: 'a', state: 'ready' }];
      expectObservable(waitFor(rounds({}, {}, { a: 'ready' }).client, ready, 'a', options)).toBe('e 9ms e 9ms (r|)', {
        e: [],
        r,
      });
      const lost = waitFor(rounds({ a: 'new' }, {}).client, ready, 'a', options);
      let error: WaitFailedError | undefined;
      lost.subscribe({ error: (e: WaitFailedError) => (error = e) });
      flush();
      expect(error).toMatchObject({ code: 'SDK.WaitFailed', answers: 4 });
      expect(error?.message).toMatch(/the last: a not there$/);
    });
  });

  it('takes an error that says that it is not there as such', () => {
    marbles(({ expectObservable }) => {
      let made = 0;
      const { client } = clientWith(() =>
        made++ === 0 ? throwError(() => missing) : of({ things: [{ id: 'a', state: 'ready' }] }),
      );
      expectObservable(waitFor(client, ready, 'a', every10)).toBe('e 9ms (r|)', {
        e: [],
        r: [{ id: 'a', state: 'ready' }],
      });
    });
  });

  it('waits until they are gone, which an empty list says as well as an error', () => {
    marbles(({ expectObservable }) => {
      const values = { a: [{ id: 'a', state: 'new' }], e: [] };
      expectObservable(waitFor(rounds({ a: 'new' }, {}).client, gone, 'a', every10)).toBe('a 9ms (e|)', values);
      const { client } = clientWith(() => throwError(() => missing));
      expectObservable(waitFor(client, gone, 'a', every10)).toBe('(e|)', values);
    });
  });

  it('asks for each alone where an error does not say which of them is missing', () => {
    marbles(({ expectObservable, flush }) => {
      const { client, asked } = clientWith((ids) =>
        ids.includes('a') ? throwError(() => missing) : of({ things: [{ id: 'b', state: 'new' }] }),
      );
      expectObservable(waitFor(client, gone, ['a', 'b'], every10), '^ 5ms !').toBe('p', {
        p: [{ id: 'b', state: 'new' }],
      });
      flush();
      expect(asked).toEqual([['a', 'b'], ['a'], ['b']]);
    });
  });

  it('ends in what a resource throws', () => {
    marbles(({ expectObservable }) => {
      const thrown = new Error('thrown');
      const thrower = () => {
        throw thrown;
      };
      const waiter = defineWaiter('broken', { ...thing, request: thrower }, { gone: true });
      expectObservable(waitFor(rounds({}).client, waiter, 'a')).toBe('#', undefined, thrown);
    });
  });

  it.each([[undefined], [''], [['a', '']], [7]])('throws at once where the ids are %j', (ids) => {
    const create = () => waitFor(rounds({}).client, ready, ids as string);
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow('Expected `ids` to be the id of a resource, or an array of such');
  });

  it('refuses at once what is no client or no waiter', () => {
    const { client } = clientWith(() => NEVER);
    const [no, noStates] = [undefined as never, { ...ready, states: 'ready' } as never];
    expect(() => waitFor(no, ready, 'a')).toThrow('Expected `client` to be a client, got nothing');
    expect(() => waitFor(client, no, 'a')).toThrow(ConfigurationError);
    expect(() => waitFor(client, noStates, 'a')).toThrow('Expected `waiter` to be a waiter');
  });
});
