import { AsyncLocalStorage } from 'node:async_hooks';
import { defer, finalize, from, mergeMap, NEVER, of, range, Subject, throwError, timer, type Observable } from 'rxjs';
import type { AlicloudClient } from '../../lib/client.js';
import { AsyncQueueFullError, ConfigurationError } from '../../lib/errors.js';
import { retryOverflow } from '../../lib/operators/retry-overflow.js';
import { marbles } from '../async/marbles.js';
import { ok, play, read } from '../calls/support.js';
import { itKeepsTheLaws, problem } from './laws.js';

/** So many places: a call that finds none is refused, as a pool without a queue does it. */
class Places {
  /** When calls were refused, by `now`. */
  readonly refused: number[] = [];
  private taken = 0;

  constructor(
    readonly size: number,
    private readonly now: () => number = () => 0,
  ) {}

  call<T>(source: Observable<T>): Observable<T> {
    return defer(() => {
      if (this.taken >= this.size) {
        this.refused.push(this.now());
        return throwError(() => new AsyncQueueFullError(this.size, 0));
      }
      this.taken++;
      return source.pipe(finalize(() => this.taken--));
    });
  }
}

const full = new AsyncQueueFullError(1, 0);

describe('retryOverflow', () => {
  itKeepsTheLaws({
    operator: (source) => source.pipe(retryOverflow()),
    never: '-',
    empty: '--|',
    one: '--a|',
    error: '--#',
    synchronous: '(a|)',
  });

  it('lets calls wait in one line, first in, first out, and the end of one lets in the next', () => {
    marbles(({ cold, expectObservable }) => {
      const places = new Places(2);
      const patiently = retryOverflow();
      const calls = ['a', 'b', 'c', 'd', 'e'].map((name) => places.call(cold(`---${name}|`)).pipe(patiently));
      expectObservable(from(calls).pipe(mergeMap((call) => call))).toBe('---(ab)(cd)e|');
    });
  });

  it('makes room by an error and by unsubscribing, too', () => {
    marbles(({ cold, expectObservable }) => {
      const places = new Places(1);
      const patiently = retryOverflow();
      expectObservable(places.call(cold('--#', undefined, problem)).pipe(patiently)).toBe('--#', undefined, problem);
      expectObservable(places.call(NEVER).pipe(patiently), '-----!').toBe('-');
      expectObservable(places.call(cold('-c|')).pipe(patiently)).toBe('------c|');
    });
  });

  it('lets nobody pass who comes while others wait', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const places = new Places(1);
      const patiently = retryOverflow();
      expectObservable(places.call(cold('---a|')).pipe(patiently)).toBe('---a|');
      expectObservable(places.call(cold('---b|')).pipe(patiently)).toBe('-------b|');
      // At the very moment in which b would be let in.
      const late = hot('----x').pipe(mergeMap(() => places.call(cold('-c|')).pipe(patiently)));
      expectObservable(late, '^ 20ms !').toBe('---------c');
    });
  });

  it('leaves the line when it is unsubscribed from', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const places = new Places(1);
      const patiently = retryOverflow();
      const left = cold('-b|');
      expectObservable(places.call(cold('---a|')).pipe(patiently)).toBe('---a|');
      expectObservable(places.call(left).pipe(patiently), '--!').toBe('-');
      expectObservable(places.call(cold('-c|')).pipe(patiently)).toBe('-----c|');
      expectSubscriptions(left.subscriptions).toBe([]);
    });
  });

  it('tries again with growing pauses where others hold the places, the first of the line alone', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const clock = cold('-');
      const places = new Places(1, () => clock.scheduler.now());
      const patiently = retryOverflow();
      expectObservable(places.call(NEVER), '^ 2999ms !').toBe('-');
      for (let i = 0; i < 100; i++) {
        expectObservable(places.call(of('a')).pipe(patiently)).toBe('3550ms (a|)');
      }
      flush();
      // The first of them found that it was full; the others stand behind it and do not try at all.
      expect(places.refused).toEqual([0, 50, 150, 350, 750, 1550, 2550]);
    });
  });

  it('asks a client with each change whether there is room', () => {
    const options = { enableAsync: true, poolSize: 1, maxTaskQueueSize: 1 };
    play([[1500, ok()]], options, ({ client, transport, run, flush, events }) => {
      const patiently = retryOverflow({ client });
      run(client.call(read, {}));
      run(client.call(read, {}));
      const ending = run(client.call(read, {}).pipe(patiently));
      flush();
      // Let in when the first has ended; sent when the call before it has.
      expect(transport.times).toEqual([0, 1500, 3000]);
      expect(ending.at).toBe(4500);
      expect(events.filter(({ type }) => type === 'refused')).toHaveLength(1);
    });
  });

  it('finds the room that a larger pool makes, or one that is off', () => {
    for (const makeRoom of [
      (client: AlicloudClient) => client.resize(2, 0),
      (client: AlicloudClient) => client.shutdown(),
    ]) {
      play(
        [[5000, ok()]],
        { enableAsync: true, poolSize: 1, maxTaskQueueSize: 0 },
        ({ client, transport, run, flush }) => {
          run(client.call(read, {}));
          run(client.call(read, {}).pipe(retryOverflow({ client })));
          timer(10).subscribe(() => makeRoom(client));
          flush();
          expect(transport.times).toEqual([0, 100]);
        },
      );
    }
  });

  it('lets any number of calls through a pool, as fast as it works', () => {
    const options = { enableAsync: true, poolSize: 2, maxTaskQueueSize: 3 };
    play([[10, ok()]], options, ({ client, transport, run, flush }) => {
      const patiently = retryOverflow({ client });
      const endings = Array.from({ length: 20 }, () => run(client.call(read, {}).pipe(patiently)));
      flush();
      expect(endings.map(({ error }) => error)).toEqual(endings.map(() => undefined));
      expect(transport.times).toEqual(Array.from({ length: 20 }, (_, i) => Math.floor(i / 2) * 10));
    });
  });

  it('lets five thousand in, one within the end of the other', () => {
    const places = new Places(1);
    const patiently = retryOverflow({ maxWaiting: 5_000 });
    const held = new Subject<never>();
    places.call(held).pipe(patiently).subscribe();
    const seen: number[] = [];
    range(0, 5_000).subscribe((i) =>
      places
        .call(of(i))
        .pipe(patiently)
        .subscribe((value) => seen.push(value)),
    );
    held.complete();
    expect(seen).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
  });

  it('ends in the refusal when there was no room in time, and makes no difference to the others', () => {
    marbles(({ cold, expectObservable }) => {
      const places = new Places(1);
      const patiently = retryOverflow({ timeout: 5 });
      expectObservable(places.call(cold('------a|')).pipe(patiently)).toBe('------a|');
      expectObservable(places.call(of('b')).pipe(patiently)).toBe('-----#', undefined, full);
      expectObservable(cold('--x').pipe(mergeMap(() => places.call(of('c')).pipe(patiently))), '^ 20ms !').toBe(
        '-------c',
      );
    });
  });

  it('waits without a limit where the timeout is 0', () => {
    marbles(({ cold, expectObservable }) => {
      const places = new Places(1);
      const patiently = retryOverflow({ timeout: 0 });
      expectObservable(places.call(cold('120m |')).pipe(patiently)).toBe('7200s |');
      expectObservable(places.call(of('b')).pipe(patiently)).toBe('7200s (b|)');
    });
  });

  it('refuses who finds no place in the line', () => {
    marbles(({ cold, expectObservable }) => {
      const places = new Places(1);
      const patiently = retryOverflow({ maxWaiting: 1 });
      expectObservable(places.call(cold('---a|')).pipe(patiently)).toBe('---a|');
      expectObservable(places.call(of('b')).pipe(patiently)).toBe('----(b|)');
      expectObservable(places.call(of('c')).pipe(patiently)).toBe('#', undefined, full);
    });
  });

  it('makes each call in the async context of whoever wants it', () => {
    const places = new Places(1);
    const patiently = retryOverflow();
    const storage = new AsyncLocalStorage<string>();
    const held = new Subject<never>();
    const seen: (string | undefined)[] = [];
    const call = defer(() => of(storage.getStore()));
    storage.run('a', () => places.call(held).pipe(patiently).subscribe());
    // One that was refused, and one that stands behind it.
    for (const name of ['b', 'c']) {
      storage.run(name, () =>
        places
          .call(call)
          .pipe(patiently)
          .subscribe((store) => seen.push(store, storage.getStore())),
      );
    }
    storage.run('d', () => held.complete());
    expect(seen).toEqual(['b', 'b', 'c', 'c']);
  });

  it('leaves no timer behind', () => {
    marbles(({ cold, flush }) => {
      const places = new Places(1);
      const patiently = retryOverflow();
      const clock = cold('-');
      places.call(NEVER).subscribe();
      places.call(of('a')).pipe(patiently).subscribe().unsubscribe();
      flush();
      expect(clock.scheduler.now()).toBe(0);
    });
  });

  it.each([
    [{ timeout: -1 }, 'Expected `timeout` to be milliseconds'],
    [{ client: 'ecs' }, 'Expected `client` to be a client'],
    [{ maxWait: 1 }, 'there is no such option'],
  ])('throws at once for %j', (options, message) => {
    expect(() => retryOverflow(options as object)).toThrow(ConfigurationError);
    expect(() => retryOverflow(options as object)).toThrow(message);
  });
});
