/** Asks again and again: what `pollUntil` and `waitFor` have in common. */
import {
  asyncScheduler,
  concat,
  concatMap,
  defer,
  NEVER,
  of,
  repeat,
  retry,
  takeUntil,
  takeWhile,
  tap,
  throwError,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { WaitFailedError, WaitTimeoutError, type WaitFacts } from '../errors.js';
import { pause } from '../retry/pause.js';
import { milliseconds, withMethod, type Rules } from '../schema/options.js';
import { throttledFor } from './throttled-for.js';

/** How often to ask, and for how long. */
export interface PollOptions {
  /** How long to wait after the first answer, in milliseconds, >= 0; it doubles with each. @default 1000 */
  readonly interval?: number | undefined;
  /** The longest wait between an answer and the next request, in milliseconds, >= 0. @default 10000, or `interval` where that is longer */
  readonly maxInterval?: number | undefined;
  /** How long to go on as a whole, in milliseconds, >= 0. 0 is no limit. @default 600000, which is ten minutes */
  readonly timeout?: number | undefined;
  /**
   * For how long a resource may not be there, in milliseconds, >= 0: services take a while to show what they have just made.
   * @default 60000
   */
  readonly visibleWithin?: number | undefined;
  /** What time is taken from. @default asyncScheduler */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Made when it is needed, so that bundlers can leave out what is not. */
export function pollRules(): Rules<PollOptions> {
  return {
    interval: milliseconds,
    maxInterval: milliseconds,
    timeout: milliseconds,
    visibleWithin: milliseconds,
    scheduler: withMethod('schedule'),
  };
}

/** The options with nothing left open. */
export interface PollSettings {
  readonly interval: number;
  readonly maxInterval: number;
  readonly timeout: number;
  readonly visibleWithin: number;
  readonly scheduler: SchedulerLike;
}

export function pollSettings(options: PollOptions): PollSettings {
  const { interval = 1000, timeout = 600_000, visibleWithin = 60_000, scheduler = asyncScheduler } = options;
  const { maxInterval = Math.max(10_000, interval) } = options;
  return { interval, maxInterval, timeout, visibleWithin, scheduler };
}

/** What is made of the answers of one subscription. */
export interface Verdicts<T> {
  /** What was waited for, such as `instanceRunning`. */
  readonly waiter: string;
  /** The answer is the last one. */
  readonly succeeds: (answer: T) => boolean;
  /** There is no way from the answer to one that succeeds. */
  readonly fails: (answer: T) => boolean;
  /** What the answer says, in short; nothing of it may be secret. */
  readonly stateOf?: (answer: T) => string;
  /** The error only says that it is too early. */
  readonly isEarly?: (error: unknown) => boolean;
}

/** Emits each answer, the one that fails as well. */
export function poll<T>(call: Observable<T>, verdicts: Verdicts<T>, settings: PollSettings): Observable<T> {
  const { waiter, succeeds, fails, stateOf, isEarly } = verdicts;
  const { interval, maxInterval, timeout, scheduler } = settings;
  return defer(() => {
    let facts: WaitFacts = { waiter, answers: 0, last: undefined };
    let waitedOut: unknown;
    let wait = interval;
    const state = () => (facts.answers > 0 ? stateOf?.(facts.last as T) : undefined);

    const untilNext = (atLeast = 0) => {
      const paused = pause(Math.max(wait, atLeast), scheduler);
      wait = Math.min(wait * 2, maxInterval);
      return paused;
    };
    const afterError = (error: unknown) => {
      const throttled = throttledFor(error);
      if (throttled === undefined && isEarly?.(error) !== true) return throwError(() => error);
      waitedOut = error;
      return untilNext(throttled);
    };
    const timeUp = () =>
      timer(timeout, scheduler).pipe(
        tap(() => {
          throw new WaitTimeoutError(facts, timeout, state(), { cause: waitedOut });
        }),
      );

    return call.pipe(
      tap((answer) => {
        facts = { waiter, answers: facts.answers + 1, last: answer };
        waitedOut = undefined;
      }),
      // Of the call alone: what `fails` throws is for the user, whatever it is.
      retry({ delay: afterError }),
      concatMap((answer) => {
        if (!fails(answer)) return of(answer);
        return concat(
          of(answer),
          throwError(() => new WaitFailedError(facts, state())),
        );
      }),
      repeat({ delay: () => untilNext() }),
      takeWhile((answer) => !succeeds(answer), true),
      takeUntil(timeout === 0 ? NEVER : defer(timeUp)),
    );
  });
}
