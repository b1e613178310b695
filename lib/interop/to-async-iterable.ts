import { defer, EMPTY, from, merge, of, Subject, takeUntil, type Observable, type ObservableInput } from 'rxjs';
import { WaitingList, WaitingValue } from '../queues/waiting-list.js';
import { limitFrom } from '../async/sizes.js';
import { checkOptions, oneOf, invalidOption, type Rules } from '../schema/options.js';
import { BufferOverflowError } from './buffer-overflow-error.js';

/** How values wait that nobody has asked for yet. */
export interface AsyncIterableOptions {
  /** How many values may wait to be taken: an integer >= 1, or `Infinity`. @default 1000 */
  readonly bufferSize?: number | undefined;
  /**
   * What becomes of a value that finds the buffer full. `error`: the source is unsubscribed from, and the iteration ends in a
   * `BufferOverflowError` behind the values that wait. `dropOldest`: the one that has waited longest is lost in its place.
   * `dropNewest`: it is lost itself.
   * @default 'error'
   */
  readonly overflow?: 'error' | 'dropOldest' | 'dropNewest' | undefined;
}

/**
 * Makes a source that can wait. `demand$` emits whenever a value is asked for that is not there yet, at once where that is so
 * already; what is done only then is done no earlier than it is needed.
 */
export type Demanded<T> = (demand$: Observable<void>) => ObservableInput<T>;

/**
 * An Observable for `for await`. Each iteration is a subscription, made with its first value that is asked for, and
 * unsubscribed from when the loop is left, by `break`, `return` or a throw. An error is thrown once, behind the values that
 * came before it. Calls of `next()` that wait are served in their order.
 *
 * An Observable does not wait for whoever takes its values, so that they wait in a buffer, which is bounded. Real
 * back-pressure needs a source that can wait: give a function, which makes it of `demand$`. What can be iterated over
 * asynchronously by itself is handed through, as it is asked for one value at a time.
 *
 * @example
 * const pageFrom = (PageNumber: number) => client.describeInstances({ PageNumber, PageSize: 100 });
 *
 * // The next page is requested when the loop comes back for it.
 * const pages = toAsyncIterable((demand$) =>
 *   pageFrom(1).pipe(
 *     expand(({ PageNumber = 1, TotalCount = 0 }) =>
 *       Number(PageNumber) * 100 < Number(TotalCount)
 *         ? demand$.pipe(take(1), mergeMap(() => pageFrom(Number(PageNumber) + 1)))
 *         : EMPTY,
 *     ),
 *   ),
 * );
 * for await (const page of pages) console.log(page.Instances);
 *
 * @throws ConfigurationError at once, where an option can't work or `source` is nothing to subscribe to
 * @see mergeMapFrom, for the way back with back-pressure
 */
export function toAsyncIterable<T>(
  source: ObservableInput<T> | Demanded<T>,
  options: AsyncIterableOptions = {},
): AsyncIterable<T> {
  checkOptions(options, rules);
  if (isAsyncIterable(source)) return source;
  const { bufferSize = 1000, overflow = 'error' } = options;
  const connect: Demanded<T> = typeof source === 'function' ? source : () => observableOf(source);
  if (typeof source !== 'function') observableOf(source);
  return { [Symbol.asyncIterator]: () => new Iteration(connect, bufferSize, overflow) };
}

const rules: Rules<AsyncIterableOptions> = {
  bufferSize: limitFrom(1),
  overflow: oneOf('error', 'dropOldest', 'dropNewest'),
};

function isAsyncIterable<T>(source: ObservableInput<T> | Demanded<T>): source is AsyncIterable<T> {
  return Symbol.asyncIterator in Object(source);
}

function observableOf<T>(source: ObservableInput<T>): Observable<T> {
  try {
    return from(source);
  } catch {
    throw invalidOption('source', 'an Observable, what one can be made of, or a function', source);
  }
}

/** A `next()` that has not been answered. */
interface Asked<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

class Iteration<T> implements AsyncIterator<T, undefined> {
  // Never both at once: a value that comes goes to whoever waits.
  private readonly values = new WaitingList<WaitingValue<T>>();
  private readonly asked = new WaitingList<WaitingValue<Asked<T>>>();
  private readonly demand = new Subject<void>();
  private readonly left = new Subject<void>();
  private begun = false;
  private ended = false;
  /** Until it is thrown. */
  private failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly connect: Demanded<T>,
    private readonly bufferSize: number,
    private readonly overflow: 'error' | 'dropOldest' | 'dropNewest',
  ) {}

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      const place = new WaitingValue({ resolve, reject });
      this.asked.push(place);
      this.settle();
      if (this.ended) return;
      if (!this.begun) this.begin();
      else if (place.list !== undefined) this.demand.next();
    });
  }

  /** Ends the iteration: what waits is dropped, and whoever waits is told that it is over. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.end();
    this.values.clear();
    this.failure = undefined;
    this.settle();
    return Promise.resolve(over);
  }

  private begin(): void {
    this.begun = true;
    const now$ = defer(() => (this.asked.size > 0 ? of(undefined) : EMPTY));
    defer(() => this.connect(merge(now$, this.demand)))
      // Not a subscription to end: a synchronous source emits before there is one.
      .pipe(takeUntil(this.left))
      .subscribe({
        next: (value) => this.take(value),
        error: (error: unknown) => this.fail(error),
        complete: () => this.finish(),
      });
  }

  private take(value: T): void {
    if (this.ended) return;
    if (this.asked.size === 0 && this.values.size >= this.bufferSize) {
      if (this.overflow === 'dropNewest') return;
      if (this.overflow === 'error') return this.fail(new BufferOverflowError(this.bufferSize));
      this.values.shift();
    }
    this.values.push(new WaitingValue(value));
    this.settle();
  }

  private fail(error: unknown): void {
    if (this.ended) return;
    this.failure = { error };
    this.finish();
  }

  private finish(): void {
    this.end();
    this.settle();
  }

  private end(): void {
    this.ended = true;
    this.left.next();
  }

  /** Answers those that wait, as far as there is something to answer. */
  private settle(): void {
    while (this.values.size > 0 || this.ended) {
      const first = this.asked.shift();
      if (first === undefined) return;
      const { resolve, reject } = first.value;
      const next = this.values.shift();
      const { failure } = this;
      if (next !== undefined) resolve({ done: false, value: next.value });
      else if (failure !== undefined) {
        this.failure = undefined;
        reject(failure.error);
      } else resolve(over);
    }
  }
}

const over = { done: true, value: undefined } as const;
