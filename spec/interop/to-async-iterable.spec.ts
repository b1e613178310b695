import {
  concat,
  concatMap,
  defer,
  EMPTY,
  finalize,
  firstValueFrom,
  from,
  map,
  NEVER,
  Observable,
  of,
  range,
  Subject,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { mergeMapFrom } from '../../lib/async/merge-map-from.js';
import { BufferOverflowError, toAsyncIterable, type AsyncIterableOptions } from '../../lib/interop/index.js';
import { describeInstances } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { drained, ecsOn } from './support.js';

const boom = new Error('boom');

describe('toAsyncIterable', () => {
  it.each([
    ['one', of(1), { values: [1] }],
    ['many at once', range(1, 5), { values: [1, 2, 3, 4, 5] }],
    ['none', EMPTY, { values: [] }],
    ['an error', throwError(() => boom), { values: [], error: boom }],
    [
      'an error behind values',
      concat(
        of(1, 2),
        throwError(() => boom),
      ),
      { values: [1, 2], error: boom },
    ],
    ['a promise', Promise.resolve(1), { values: [1] }],
    ['an array', [1, 2], { values: [1, 2] }],
    ['undefined as a value', of(undefined), { values: [undefined] }],
  ])('gives %s', async (_what, source, expected) => {
    expect(await drained<unknown>(toAsyncIterable<unknown>(source))).toEqual(expected);
  });

  it('subscribes when the first value is asked for, anew in each iteration', async () => {
    let subscribed = 0;
    const values = toAsyncIterable(defer(() => of(++subscribed)));
    const iterator = values[Symbol.asyncIterator]();
    expect(subscribed).toBe(0);
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    expect(await drained(values)).toEqual({ values: [2] });
  });

  it('unsubscribes when the loop is left', async () => {
    const source = new Subject<number>();
    const taken: number[] = [];
    const loop = (async () => {
      for await (const value of toAsyncIterable(source)) {
        taken.push(value);
        if (value === 2) break;
      }
    })();
    for (const value of [1, 2, 3]) source.next(value);
    await loop;
    expect(taken).toEqual([1, 2]);
    expect(source.observed).toBe(false);
  });

  it('stops a synchronous source that has no end', async () => {
    let made = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed) subscriber.next(++made);
    });
    const { values, error } = await drained(toAsyncIterable(endless, { bufferSize: 3 }));
    expect(values).toEqual([1, 2, 3, 4]);
    expect(error).toBeInstanceOf(BufferOverflowError);
    expect(made).toBe(5);
  });

  it('serves calls of next that wait in their order, and tells all of them that it is over', async () => {
    const source = new Subject<string>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const asked = [iterator.next(), iterator.next(), iterator.next(), iterator.next()];
    source.next('a');
    source.next('b');
    source.complete();
    expect((await Promise.all(asked)).map(({ value }: IteratorResult<unknown, unknown>) => value)).toEqual([
      'a',
      'b',
      undefined,
      undefined,
    ]);
    expect((await asked[3])?.done).toBe(true);
  });

  it('throws an error once, to the first that waits', async () => {
    const source = new Subject<string>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const asked = [iterator.next(), iterator.next()];
    source.error(boom);
    expect(await Promise.allSettled([...asked, iterator.next()])).toEqual([
      { status: 'rejected', reason: boom },
      { status: 'fulfilled', value: { done: true, value: undefined } },
      { status: 'fulfilled', value: { done: true, value: undefined } },
    ]);
  });

  it('rejects nothing that nobody waits for', async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', note);
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const first = iterator.next();
    source.next(1);
    source.error(boom);
    await first;
    await iterator.return?.();
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(rejections).toEqual([]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('tells whoever waits that it is over when the iteration is ended', async () => {
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const asked = iterator.next();
    await iterator.return?.();
    expect(await asked).toEqual({ done: true, value: undefined });
    expect(source.observed).toBe(false);
  });

  it.each<[AsyncIterableOptions['overflow'], number[]]>([
    ['dropOldest', [1, 4, 5]],
    ['dropNewest', [1, 2, 3]],
  ])('loses values under %s', async (overflow, expected) => {
    expect(await drained(toAsyncIterable(range(1, 5), { bufferSize: 2, overflow }))).toEqual({ values: expected });
  });

  it('ends in a typed error behind what waits, and unsubscribes, where the buffer is full', async () => {
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source, { bufferSize: 2 })[Symbol.asyncIterator]();
    const first = iterator.next();
    for (const value of [1, 2, 3, 4, 5]) source.next(value);
    expect(source.observed).toBe(false);
    expect([(await first).value, (await iterator.next()).value, (await iterator.next()).value]).toEqual([1, 2, 3]);
    await expect(iterator.next()).rejects.toMatchObject({ code: 'SDK.BufferOverflow', bufferSize: 2 });
    expect((await iterator.next()).done).toBe(true);
  });

  it('takes what comes from within the loop, and asks again from within a value', async () => {
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const seen: unknown[] = [];
    const asked = iterator.next();
    source.next(1);
    seen.push((await asked).value);
    const again = iterator.next();
    source.next(2);
    source.complete();
    seen.push((await again).value, (await iterator.next()).done);
    expect(seen).toEqual([1, 2, true]);
  });

  it('hands through what is iterated over asynchronously by itself', async () => {
    const asked: number[] = [];
    async function* numbers(): AsyncGenerator<number> {
      for (let i = 1; ; i++) {
        asked.push(i);
        yield await Promise.resolve(i);
      }
    }
    for await (const value of toAsyncIterable(numbers())) if (value === 2) break;
    expect(asked).toEqual([1, 2]);
  });

  it.each<[unknown, unknown, RegExp]>([
    [of(1), { bufferSize: 0 }, /^Expected `bufferSize` to be an integer >= 1, or Infinity, got 0$/],
    [of(1), { overflow: 'drop' }, /^Expected `overflow` to be 'error', 'dropOldest' or 'dropNewest', got a string$/],
    [of(1), { buffer: 1 }, /^Expected `buffer` to be absent/],
    [5, {}, /^Expected `source` to be an Observable, what one can be made of, or a function, got 5$/],
  ])('refuses %p with %j', (source, options, message) => {
    expect(() => toAsyncIterable(source as Observable<number>, options as AsyncIterableOptions)).toThrow(message);
  });
});

describe('toAsyncIterable, of a source that waits', () => {
  it('tells of each value that is asked for and not there', async () => {
    let demanded = 0;
    const values = toAsyncIterable<number>((demand$) =>
      demand$.pipe(
        map(() => ++demanded),
        take(3),
      ),
    );
    const iterator = values[Symbol.asyncIterator]();
    expect(demanded).toBe(0);
    await iterator.next();
    await iterator.next();
    expect(demanded).toBe(2);
    expect(await drained({ [Symbol.asyncIterator]: () => iterator })).toEqual({ values: [3] });
    expect(demanded).toBe(3);
  });

  it('tells of as many as wait', async () => {
    const answers = new Subject<number>();
    let demanded = 0;
    const iterator = toAsyncIterable<number>((demand$) =>
      demand$.pipe(
        concatMap(() => {
          demanded++;
          return answers.pipe(take(1));
        }),
      ),
    )[Symbol.asyncIterator]();
    const asked = [iterator.next(), iterator.next(), iterator.next()];
    for (const value of [1, 2, 3]) answers.next(value);
    expect((await Promise.all(asked)).map(({ value }: IteratorResult<unknown, unknown>) => value)).toEqual([1, 2, 3]);
    expect(demanded).toBe(3);
    answers.next(4);
    await iterator.return?.();
    expect([demanded, answers.observed]).toEqual([3, false]);
  });

  it('ends in what the function throws', async () => {
    const thrown = toAsyncIterable(() => {
      throw boom;
    });
    expect(await drained(thrown)).toEqual({ values: [], error: boom });
  });

  it('requests a page when the loop comes back for it, and none after it was left', async () => {
    const emulator = createEmulator();
    const ecs = ecsOn(emulator);
    await firstValueFrom(ecs.runInstances({ RegionId: 'cn-hangzhou', Amount: 45 }));
    const pages = toAsyncIterable((demand$) =>
      ecs.pages(describeInstances, { PageSize: 10 }, { after: () => demand$.pipe(take(1)) }),
    );
    const requests = (): number => emulator.requests.get('DescribeInstances') ?? 0;
    const seen: [page: number, requests: number][] = [];
    for await (const { number } of pages) {
      // As long as what is done with a page may take.
      await new Promise(setImmediate);
      seen.push([number, requests()]);
      if (number === 3) break;
    }
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(requests()).toBe(3);
    expect((await drained(pages)).values.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  });

  it('goes on into mergeMapFrom, which asks as fast as it works', async () => {
    let made = 0;
    const pages = toAsyncIterable<number>((demand$) =>
      demand$.pipe(
        map(() => ++made),
        take(4),
      ),
    );
    const ahead: number[] = [];
    const handled$ = mergeMapFrom(
      pages,
      (page) =>
        from(new Promise<number>((resolve) => setImmediate(() => resolve(page)))).pipe(
          finalize(() => ahead.push(made - page)),
        ),
      1,
    );
    expect(await firstValueFrom(handled$.pipe(toArray()))).toEqual([1, 2, 3, 4]);
    expect(ahead).toEqual([0, 0, 0, 0]);
  });

  it('is unsubscribed from while it waits', async () => {
    const iterator = toAsyncIterable((demand$) => concat(demand$.pipe(take(1)), NEVER))[Symbol.asyncIterator]();
    await iterator.next();
    const asked = iterator.next();
    await iterator.return?.();
    expect((await asked).done).toBe(true);
  });
});
