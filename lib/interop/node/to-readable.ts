import { Readable } from 'node:stream';
import type { ObservableInput } from 'rxjs';
import { checkOption, integerFrom, ofType } from '../../schema/options.js';
import { toAsyncIterable, type AsyncIterableOptions, type Demanded } from '../to-async-iterable.js';

/** How values wait between an Observable and the reader of a stream of Node. */
export interface ReadableOptions extends AsyncIterableOptions {
  /** Whether values are objects of any kind; else they are strings or bytes. @default true */
  readonly objectMode?: boolean | undefined;
  /** How much the stream asks for ahead of its reader: so many values, or bytes where `objectMode` is off; an integer >= 0. @default 1 */
  readonly highWaterMark?: number | undefined;
}

/**
 * An Observable as a stream of Node. It is subscribed to when the stream is first read, and unsubscribed from when the stream
 * is destroyed. Values wait in a buffer as those of `toAsyncIterable` do, and as there a function makes a source that waits
 * for the reader. `null` is no value of a stream: it ends in Node's own error.
 *
 * @example
 * import { map, mergeMap } from 'rxjs';
 * import { pipeline } from 'node:stream/promises';
 * import { toReadable } from 'rx-alicloud/interop/node';
 *
 * const lines$ = client.describeRegions({}).pipe(
 *   mergeMap(({ Regions }) => Regions?.Region ?? []),
 *   map((region) => `${JSON.stringify(region)}\n`),
 * );
 * await pipeline(toReadable(lines$, { objectMode: false }), process.stdout, { end: false });
 *
 * @throws ConfigurationError at once, where an option can't work
 * @see fromReadable
 */
export function toReadable<T>(
  source: ObservableInput<T> | Demanded<T>,
  { objectMode = true, highWaterMark = 1, ...options }: ReadableOptions = {},
): Readable {
  checkOption('objectMode', objectMode, ofType('boolean'));
  checkOption('highWaterMark', highWaterMark, integerFrom(0));
  return Readable.from(toAsyncIterable(source, options), { objectMode, highWaterMark });
}
