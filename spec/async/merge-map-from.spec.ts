import { asyncScheduler, config, EMPTY, NEVER, of, Subject, take, type ObservableInput } from 'rxjs';
import { mergeMapFrom } from '../../lib/async/merge-map-from.js';
import { ConfigurationError } from '../../lib/errors.js';
import { marbles } from './marbles.js';

const problem = new Error('problem');

describe('mergeMapFrom', () => {
  it('pulls a value when there is a slot for it, and not before', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const a = cold('      ----a|   ');
      const aSubs = '       ^----!   ';
      const b = cold('      -b|      ');
      const bSubs = '       ^-!      ';
      const c = cold('        -c-|   ');
      const cSubs = '       --^--!   ';
      const d = cold('           --d|');
      const dSubs = '       -----^--!';
      const expected = '    -b-ca--d|';
      const pulled: string[] = [];
      function* source() {
        for (const name of ['a', 'b', 'c', 'd'] as const) {
          pulled.push(`${name} at ${asyncScheduler.now()}`);
          yield { a, b, c, d }[name];
        }
      }

      const result = mergeMapFrom(source(), (inner) => inner, 2);

      expectObservable(result).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe(cSubs);
      expectSubscriptions(d.subscriptions).toBe(dSubs);
      flush();
      expect(pulled).toEqual(['a at 0', 'b at 0', 'c at 2', 'd at 5']);
    });
  });

  it('completes with an empty source', () => {
    marbles(({ expectObservable }) => {
      expectObservable(mergeMapFrom([], () => NEVER, 1)).toBe('|');
    });
  });

  it('iterates anew for each subscription', () => {
    marbles(({ cold, expectObservable }) => {
      const result = mergeMapFrom('ab', (name) => cold('-x|', { x: name }), 1);

      expectObservable(result).toBe(' -a-b|    ');
      expectObservable(result, '--^').toBe('---a-b|');
    });
  });

  it('passes an error of an inner Observable on, and closes the iteration', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const a = cold('      -a-----  ');
      const aSubs = '       ^--!     ';
      const b = cold('      ---#     ');
      const expected = '    -a-#     ';
      const { source, log } = logged(a, b);

      expectObservable(mergeMapFrom(source, (inner) => inner, 2)).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      flush();
      expect(log).toEqual(['next', 'next', 'return']);
    });
  });

  it('makes an error of what the projection throws, and closes the iteration', () => {
    marbles(({ expectObservable, flush }) => {
      const { source, log } = logged('a');
      const project = () => {
        throw problem;
      };

      expectObservable(mergeMapFrom(source, project, 2)).toBe('#', undefined, problem);
      flush();
      expect(log).toEqual(['next', 'return']);
    });
  });

  it('closes the iteration, and unsubscribes from what runs, when it is unsubscribed from', () => {
    marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const a = cold('      -a-----  ');
      const aSubs = '       ^---!    ';
      const unsub = '       ----!    ';
      const expected = '    -a---    ';
      const { source, log } = logged(a, a);

      const result = mergeMapFrom(source, (inner) => inner, 1);

      expectObservable(result, unsub).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      flush();
      expect(log).toEqual(['next', 'return']);
    });
  });

  it('passes an error of the iteration on, unsubscribes from what runs, and closes nothing', () => {
    const log: string[] = [];
    const inner = new Subject();
    let calls = 0;
    const source: Iterable<string> = {
      [Symbol.iterator]: () => ({
        next: () => {
          if (++calls === 2) throw problem;
          return { value: 'a' };
        },
        return: () => {
          log.push('return');
          return { done: true, value: undefined };
        },
      }),
    };
    mergeMapFrom(source, () => inner, 2).subscribe({ error: (error) => log.push(String(error)) });

    expect(log).toEqual(['Error: problem']);
    expect(inner.observed).toBe(false);
  });

  it('errors where there is nothing to iterate', () => {
    const log: unknown[] = [];
    mergeMapFrom(42 as unknown as Iterable<never>, () => EMPTY, 1).subscribe({ error: (error) => log.push(error) });

    expect(log).toEqual([expect.any(TypeError)]);
  });

  it('may be unsubscribed from by the generator that it is pulling from', () => {
    const log: string[] = [];
    const first = new Subject<never>();
    function* source() {
      try {
        yield first;
        subscription.unsubscribe();
        yield NEVER;
      } finally {
        log.push('closed');
      }
    }
    const subscription = mergeMapFrom(source(), (inner) => inner, 1).subscribe();
    first.complete();

    expect(log).toEqual(['closed']);
  });

  it('stops pulling where it is unsubscribed from in the midst of synchronous values', () => {
    const { source, log } = logged('a', 'b', 'c');
    const seen: string[] = [];
    mergeMapFrom(source, (name) => of(name), 1)
      .pipe(take(2))
      .subscribe((name) => seen.push(name));

    expect(seen).toEqual(['a', 'b']);
    expect(log).toEqual(['next', 'next', 'return']);
  });

  it('takes any number of items that end at once, and lets a timer fire before it is through', async () => {
    const many = 100_000;
    function* numbers() {
      for (let value = 1; value <= many; value++) yield value;
    }
    let seen = 0;
    let seenByTimer = -1;
    setTimeout(() => (seenByTimer = seen), 0);
    await new Promise<void>((complete) => {
      mergeMapFrom(numbers(), (value) => of(value), 3).subscribe({ next: () => seen++, complete });
    });

    expect(seen).toBe(many);
    expect(seenByTimer).toBeGreaterThan(0);
    expect(seenByTimer).toBeLessThan(many / 2);
  }, 60_000);

  it('pulls nothing more when it is unsubscribed from while it lets others have their turn', () => {
    marbles(({ flush }) => {
      const { source, log } = logged(...Array.from({ length: 2001 }, (_, index) => index));
      const subscription = mergeMapFrom(source, () => EMPTY, 1).subscribe();
      expect(log).toHaveLength(1000);
      subscription.unsubscribe();
      flush();

      expect(log.slice(1000)).toEqual(['return']);
    });
  });

  it.each([0, 1.5, NaN, -Infinity])('throws at once where `concurrent` is %d', (concurrent) => {
    const create = () => mergeMapFrom([], () => EMPTY, concurrent);

    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(`Expected \`concurrent\` to be an integer >= 1, or Infinity, got ${concurrent}`);
  });
});

describe('mergeMapFrom, over an async iterable', () => {
  it('has asked for one value at a time, and only when there is a slot for it', async () => {
    const { source, asked, answer } = byHand<Subject<string>>();
    const [a, b, c] = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
    const log: string[] = [];
    mergeMapFrom(source, (inner) => inner, 2).subscribe({
      next: (value) => log.push(value),
      complete: () => log.push('complete'),
    });

    expect(asked()).toBe(1);
    await answer({ value: a });
    expect(asked()).toBe(2);
    await answer({ value: b });
    expect(asked()).toBe(2);
    b.next('b');
    b.complete();
    expect(asked()).toBe(3);
    a.next('a');
    a.complete();
    expect(asked()).toBe(3);
    await answer({ value: c });
    expect(asked()).toBe(4);
    await answer({ done: true, value: undefined });
    c.next('c');
    expect(log).toEqual(['b', 'a', 'c']);
    c.complete();
    expect(log).toEqual(['b', 'a', 'c', 'complete']);
    expect(asked()).toBe(4);
  });

  it('passes an error of the iteration on, whether it is thrown or a rejection', async () => {
    const rejecting = { next: () => Promise.reject(problem) };
    const throwing = {
      next: () => {
        throw problem;
      },
    };
    for (const iterator of [rejecting, throwing]) {
      const log: unknown[] = [];
      mergeMapFrom({ [Symbol.asyncIterator]: () => iterator }, () => EMPTY, 1).subscribe({
        error: (error) => log.push(error),
      });
      await turn();

      expect(log).toEqual([problem]);
    }
  });

  it('closes the iteration at once when it is unsubscribed from, and starts nothing that arrives later', async () => {
    const { source, answer, closed } = byHand<string>();
    const started: string[] = [];
    const subscription = mergeMapFrom(source, (name) => (started.push(name), NEVER), 2).subscribe();
    await answer({ value: 'a' });
    subscription.unsubscribe();

    expect(closed()).toBe(1);
    await answer({ value: 'b' });
    expect(closed()).toBe(1);
    expect(started).toEqual(['a']);
  });

  it('closes the iteration when an inner Observable errors', async () => {
    const { source, answer, closed } = byHand<ObservableInput<never>>();
    const inner = new Subject<never>();
    mergeMapFrom(source, (each) => each, 1).subscribe({ error: () => undefined });
    await answer({ value: inner });
    inner.error(problem);

    expect(closed()).toBe(1);
  });

  it('reports an error in closing as RxJS reports unhandled errors', async () => {
    const reported = new Promise((resolve) => (config.onUnhandledError = resolve));
    const iterator = { next: () => new Promise<never>(() => undefined), return: () => Promise.reject(problem) };
    mergeMapFrom({ [Symbol.asyncIterator]: () => iterator }, () => EMPTY, 1)
      .subscribe()
      .unsubscribe();

    expect(await reported).toBe(problem);
    config.onUnhandledError = null;
  });

  it('works off an async generator', async () => {
    async function* source() {
      for (const name of ['a', 'b', 'c']) yield await Promise.resolve(name);
    }
    const seen: string[] = [];
    await new Promise<void>((complete) => {
      mergeMapFrom(source(), (name) => Promise.resolve(name), 2).subscribe({
        next: (name) => seen.push(name),
        complete,
      });
    });

    expect(seen).toEqual(['a', 'b', 'c']);
  });
});

/** Values, and what is asked of their iterator. */
function logged<T>(...values: T[]) {
  const log: string[] = [];
  const source: Iterable<T> = {
    [Symbol.iterator]() {
      const iterator = values[Symbol.iterator]();
      return {
        next: () => (log.push('next'), iterator.next()),
        return: () => (log.push('return'), { done: true, value: undefined }),
      };
    },
  };
  return { source, log };
}

/** An async iterable whose steps are answered by hand. */
function byHand<T>() {
  const pending: ((step: IteratorResult<T>) => void)[] = [];
  let [asked, closed] = [0, 0];
  const source: AsyncIterable<T> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        asked++;
        return new Promise((resolve) => pending.push(resolve));
      },
      return: () => {
        closed++;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  const answer = async (step: IteratorResult<T>) => {
    pending.shift()?.(step);
    await turn();
  };
  return { source, answer, asked: () => asked, closed: () => closed };
}

/** Lets all that was promised happen. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
