import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  concat,
  defer,
  EMPTY,
  finalize,
  firstValueFrom,
  map,
  NEVER,
  of,
  range,
  Subject,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { fromReadableStream, toReadableStream } from '../../lib/interop/index.js';
import { fromReadable, toReadable } from '../../lib/interop/node/index.js';
import { drained } from './support.js';

const boom = new Error('boom');
const turn = (): Promise<unknown> => new Promise(setImmediate);

/** A source that counts what was asked of it. */
function counted(): { made: number; demanded: Parameters<typeof toReadable<number>>[0] } {
  const counter = {
    made: 0,
    demanded: ((demand$) => demand$.pipe(map(() => ++counter.made))) as Parameters<typeof toReadable<number>>[0],
  };
  return counter;
}

describe('toReadableStream', () => {
  const read = (stream: ReadableStream<unknown>): ReturnType<typeof drained> =>
    // Node's are async iterables, which the DOM's types do not say.
    drained(stream as unknown as AsyncIterable<unknown>);

  it.each([
    ['values', range(1, 3), { values: [1, 2, 3] }],
    ['nothing', EMPTY, { values: [] }],
    [
      'an error behind values',
      concat(
        of(1),
        throwError(() => boom),
      ),
      { values: [1], error: boom },
    ],
  ])('carries %s', async (_what, source, expected) => {
    expect(await read(toReadableStream<unknown>(source))).toEqual(expected);
  });

  it('subscribes when it is read, and unsubscribes when it is cancelled', async () => {
    const source = new Subject<number>();
    const stream = toReadableStream(source);
    await turn();
    expect(source.observed).toBe(false);
    const reader = stream.getReader();
    const first = reader.read();
    await turn();
    source.next(1);
    expect(await first).toEqual({ done: false, value: 1 });
    await reader.cancel();
    expect(source.observed).toBe(false);
  });

  it.each([
    [0, 1],
    [4, 5],
  ])('asks a source that can wait for %d values ahead of its reader', async (highWaterMark, made) => {
    const source = counted();
    const reader = toReadableStream(source.demanded, { highWaterMark }).getReader();
    await reader.read();
    await turn();
    expect(source.made).toBe(made);
  });

  it('refuses options that can not work', () => {
    expect(() => toReadableStream(of(1), { highWaterMark: -1 })).toThrow(/`highWaterMark` to be a number >= 0, got -1/);
    expect(() => toReadableStream(of(1), { bufferSize: 0 })).toThrow(/`bufferSize`/);
  });
});

describe('fromReadableStream', () => {
  it('gives the chunks of a stream and completes, and errors as it does', async () => {
    const stream = (): ReadableStream<number> =>
      toReadableStream(
        concat(
          of(1, 2),
          throwError(() => boom),
        ),
      );
    expect(await firstValueFrom(fromReadableStream(toReadableStream(range(1, 3))).pipe(toArray()))).toEqual([1, 2, 3]);
    const seen: unknown[] = [];
    await new Promise<void>((resolve) => {
      fromReadableStream(stream()).subscribe({
        next: (value) => seen.push(value),
        error: (error: unknown) => resolve(void seen.push(error)),
      });
    });
    expect(seen).toEqual([1, 2, boom]);
  });

  it('cancels a silent stream, and one from within its own chunk', async () => {
    const cancelled: unknown[] = [];
    const silent = (first: readonly number[]): ReadableStream<number> =>
      new ReadableStream({
        start: (controller) => first.forEach((value) => controller.enqueue(value)),
        cancel: () => void cancelled.push(first.length),
      });
    const subscription = fromReadableStream(silent([])).subscribe();
    await turn();
    subscription.unsubscribe();
    await firstValueFrom(fromReadableStream(silent([1])).pipe(take(1)));
    await turn();
    expect(cancelled).toEqual([0, 1]);
  });

  it('lets go of a stream that is unsubscribed from, whenever that is', async () => {
    const endless = (): ReadableStream<number> => new ReadableStream({ pull: (controller) => controller.enqueue(1) });
    const [within, silent] = [endless(), new ReadableStream<number>()];
    await firstValueFrom(fromReadableStream(within).pipe(take(1)));
    fromReadableStream(silent).subscribe().unsubscribe();
    expect([within.locked, silent.locked]).toEqual([false, false]);
  });

  it('shows nobody an error that comes of cancelling', async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', note);
    const stream = new ReadableStream({ cancel: () => Promise.reject(boom) });
    fromReadableStream(stream).subscribe().unsubscribe();
    await turn();
    process.off('unhandledRejection', note);
    expect(rejections).toEqual([]);
  });

  it('errors where the stream has a reader already', async () => {
    const stream = toReadableStream(NEVER);
    fromReadableStream(stream).subscribe();
    await expect(firstValueFrom(fromReadableStream(stream))).rejects.toThrow(/lock/);
  });

  it('refuses what is no stream', () => {
    expect(() => fromReadableStream([] as unknown as ReadableStream)).toThrow(/`stream` to be a ReadableStream/);
  });
});

describe('toReadable', () => {
  it.each([
    ['values', range(1, 3), { values: [1, 2, 3] }],
    ['nothing', EMPTY, { values: [] }],
    [
      'an error behind values',
      concat(
        of(1),
        throwError(() => boom),
      ),
      { values: [1], error: boom },
    ],
  ])('carries %s', async (_what, source, expected) => {
    expect(await drained<unknown>(toReadable<unknown>(source))).toEqual(expected);
  });

  it('carries text as bytes', async () => {
    const { values } = await drained<Buffer>(toReadable(of('a', 'b'), { objectMode: false }));
    expect(Buffer.concat(values).toString()).toBe('ab');
  });

  it('unsubscribes when it is destroyed while the source is silent', async () => {
    const source = new Subject<number>();
    const readable = toReadable(source);
    readable.on('data', () => undefined);
    await turn();
    expect(source.observed).toBe(true);
    readable.destroy();
    await turn();
    expect(source.observed).toBe(false);
  });

  it('asks a source that can wait only as fast as what is written takes it', async () => {
    const source = counted();
    const ahead: number[] = [];
    const slow = new Writable({
      objectMode: true,
      highWaterMark: 1,
      write(value: number, _encoding, done) {
        setImmediate(() => {
          ahead.push(source.made - value);
          done(value === 20 ? boom : undefined);
        });
      },
    });
    await expect(pipeline(toReadable(source.demanded), slow)).rejects.toBe(boom);
    expect(Math.max(...ahead)).toBeLessThan(5);
  });
});

describe('fromReadable', () => {
  const ended = (source: Readable): Promise<unknown[]> =>
    new Promise((resolve) => {
      const seen: unknown[] = [];
      fromReadable<unknown>(source).subscribe({
        next: (value) => seen.push(value),
        error: (error: Error & { code?: string }) => resolve([...seen, error.code ?? error]),
        complete: () => resolve([...seen, '|']),
      });
    });

  it('gives the chunks of a stream and completes, and errors as it does', async () => {
    expect(await ended(Readable.from([1, 2]))).toEqual([1, 2, '|']);
    expect(
      await ended(
        toReadable(
          concat(
            of(1),
            throwError(() => boom),
          ),
        ),
      ),
    ).toEqual([1, boom]);
  });

  it('errors where a stream is closed before its end', async () => {
    const stream = new PassThrough();
    const end = ended(stream);
    stream.destroy();
    expect(await end).toEqual(['ERR_STREAM_PREMATURE_CLOSE']);
  });

  it('never hangs on a stream that is over', async () => {
    const whole = Readable.from([1]);
    await drained(whole);
    const failed = new PassThrough();
    failed.on('error', () => undefined).destroy(boom);
    const closed = new PassThrough();
    closed.destroy();
    await turn();
    expect(await Promise.all([whole, failed, closed].map(ended))).toEqual([
      ['|'],
      [boom],
      ['ERR_STREAM_PREMATURE_CLOSE'],
    ]);
  });

  it('destroys a silent stream that is unsubscribed from, and survives what that raises', async () => {
    const stream = new Readable({ read: () => undefined, destroy: (_error, done) => done(boom) });
    const subscription = fromReadable(stream).subscribe();
    expect(stream.listenerCount('data')).toBe(1);
    subscription.unsubscribe();
    await turn();
    expect([stream.destroyed, stream.listenerCount('data')]).toEqual([true, 0]);
  });

  it('takes no more than it is asked for', async () => {
    let closed = false;
    const source = toReadable(defer(() => range(1, 100)).pipe(finalize(() => (closed = true))));
    expect(await firstValueFrom(fromReadable<number>(source).pipe(take(2), toArray()))).toEqual([1, 2]);
    await turn();
    expect([source.destroyed, closed]).toEqual([true, true]);
  });

  it('refuses what is no stream', () => {
    expect(() => fromReadable({} as Readable)).toThrow(/`readable` to be a Readable/);
  });
});
