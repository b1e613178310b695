import type { ObservableInput } from 'rxjs';
import { checkOption, type Rule } from '../schema/options.js';
import { toAsyncIterable, type AsyncIterableOptions, type Demanded } from './to-async-iterable.js';

/** How values wait between an Observable and the reader of a web stream. */
export interface ReadableStreamOptions extends AsyncIterableOptions {
  /** How many values the stream asks for ahead of its reader: a number >= 0. @default 0 */
  readonly highWaterMark?: number | undefined;
}

/**
 * An Observable as a web stream, each value a chunk. It is subscribed to when the stream is first read, and unsubscribed from
 * when the stream is cancelled. Values wait in a buffer as those of {@link toAsyncIterable} do, and as there a function makes
 * a source that waits for the reader.
 *
 * @example
 * const lines$ = client.describeRegions({}).pipe(
 *   mergeMap(({ Regions }) => Regions?.Region ?? []),
 *   map((region) => new TextEncoder().encode(`${JSON.stringify(region)}\n`)),
 * );
 * const answer = new Response(toReadableStream(lines$), { headers: { 'content-type': 'application/x-ndjson' } });
 *
 * @throws ConfigurationError at once, where an option can't work
 * @see fromReadableStream
 */
export function toReadableStream<T>(
  source: ObservableInput<T> | Demanded<T>,
  { highWaterMark = 0, ...options }: ReadableStreamOptions = {},
): ReadableStream<T> {
  checkOption('highWaterMark', highWaterMark, size);
  const iterator = toAsyncIterable(source, options)[Symbol.asyncIterator]();
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const result = await iterator.next();
        if (result.done) controller.close();
        else controller.enqueue(result.value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark },
  );
}

const size: Rule = { expected: 'a number >= 0', fits: (value) => typeof value === 'number' && value >= 0 };
