import { getEventListeners } from 'node:events';
import { EMPTY, firstValueFrom, NEVER, of, Subject, takeUntil, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { isClientError } from '../../lib/errors.js';
import { AbortError, deferWithSignal, fromAbortSignal, takeUntilAborted } from '../../lib/interop/index.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { ecsOn } from './support.js';

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

function scheduled(test: (scheduler: TestScheduler) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run(() => test(scheduler));
}

describe('takeUntilAborted', () => {
  it('unsubscribes when the signal is aborted, and errors with an AbortError whose cause is the reason', () => {
    scheduled((scheduler) => {
      const controller = new AbortController();
      const reason = new Error('gone');
      const source = scheduler.createColdObservable('-a-b-c-|');
      scheduler.schedule(() => controller.abort(reason), 4);
      scheduler
        .expectObservable(source.pipe(takeUntilAborted(controller.signal)))
        .toBe('-a-b#', undefined, new AbortError(reason));
      scheduler.expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });

  it('is an error that fetch users know, and the guards', () => {
    const reason = new Error('gone');
    const error = new AbortError(reason);
    expect([error.name, error.cause, error.code]).toEqual(['AbortError', reason, 'SDK.Aborted']);
    expect(isClientError(error, 'SDK.Aborted')).toBe(true);
  });

  it('says the reason of a signal that times out', async () => {
    const timeout = AbortSignal.abort(new DOMException('The operation timed out', 'TimeoutError'));
    const error = (await firstValueFrom(NEVER.pipe(takeUntilAborted(timeout))).catch((e: unknown) => e)) as AbortError;
    expect(error.message).toBe('The signal was aborted: The operation timed out');
    expect((error.cause as DOMException).name).toBe('TimeoutError');
  });

  it('does not subscribe where the signal is aborted already', () => {
    const subscribed = jest.fn(() => EMPTY);
    const errors: unknown[] = [];
    deferWithSignal(subscribed)
      .pipe(takeUntilAborted(AbortSignal.abort()))
      .subscribe({ error: (error: Error) => errors.push(error.name) });
    expect(subscribed).not.toHaveBeenCalled();
    expect(errors).toEqual(['AbortError']);
  });

  it.each([
    ['completes', of(1)],
    ['is empty', EMPTY],
    ['errors', throwError(() => new Error('no'))],
  ])('leaves no listener on a long-lived signal where the source %s', (_how, source) => {
    const { signal } = new AbortController();
    const operator = takeUntilAborted<unknown>(signal);
    for (let i = 0; i < 20; i++) source.pipe(operator).subscribe({ error: () => undefined });
    expect(listenersOf(signal)).toBe(0);
  });

  it('listens once for each subscription, and stops when it is unsubscribed from', () => {
    const { signal } = new AbortController();
    const never$ = NEVER.pipe(takeUntilAborted(signal));
    const subscriptions = [never$.subscribe(), never$.subscribe()];
    expect(listenersOf(signal)).toBe(2);
    for (const subscription of subscriptions) subscription.unsubscribe();
    expect(listenersOf(signal)).toBe(0);
  });

  it('errors once where the source is aborted from within its own value', () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    const source = new Subject<number>();
    source.pipe(takeUntilAborted(controller.signal)).subscribe({
      next: (value) => {
        seen.push(value);
        controller.abort();
        source.next(2);
      },
      error: (error: Error) => seen.push(error.name),
    });
    source.next(1);
    expect(seen).toEqual([1, 'AbortError']);
    expect(source.observed).toBe(false);
  });

  it('aborts the request of a call', async () => {
    const emulator = createEmulator({ latency: 60_000 });
    const controller = new AbortController();
    const answer = firstValueFrom(ecsOn(emulator).describeRegions({}).pipe(takeUntilAborted(controller.signal)));
    expect(emulator.activeRequests).toBe(1);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(emulator.activeRequests).toBe(0);
  });

  it.each([[undefined], [{}], [new AbortController()]])('refuses %p', (signal) => {
    expect(() => takeUntilAborted(signal as AbortSignal)).toThrow(/^Expected `signal` to be an AbortSignal, got /);
  });
});

describe('fromAbortSignal', () => {
  it('emits the reason and completes, so that takeUntil completes', () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    fromAbortSignal(controller.signal).subscribe({
      next: (reason) => seen.push(reason),
      complete: () => seen.push('|'),
    });
    NEVER.pipe(takeUntil(fromAbortSignal(controller.signal))).subscribe({ complete: () => seen.push('left') });
    controller.abort('because');
    expect(seen).toEqual(['because', '|', 'left']);
    fromAbortSignal(controller.signal).subscribe((reason) => seen.push(reason));
    expect(seen.at(-1)).toBe('because');
    expect(listenersOf(controller.signal)).toBe(0);
  });
});

describe('deferWithSignal', () => {
  const signals: AbortSignal[] = [];
  beforeEach(() => void (signals.length = 0));
  const keep = (signal: AbortSignal): void => void signals.push(signal);

  it('aborts the signal of a subscription that is unsubscribed from, and of no other', () => {
    const never$ = deferWithSignal((signal) => {
      keep(signal);
      return NEVER;
    });
    const [first] = [never$.subscribe(), never$.subscribe()];
    first?.unsubscribe();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('leaves the signal alone where it completes: what was given may still be read', async () => {
    const value = await firstValueFrom(
      deferWithSignal((signal) => {
        keep(signal);
        return of('answer');
      }).pipe(takeUntilAborted(new AbortController().signal)),
      { defaultValue: undefined },
    );
    const completed: boolean[] = [];
    deferWithSignal((signal) => {
      keep(signal);
      return Promise.resolve(1);
    }).subscribe({ complete: () => completed.push(signals[1]?.aborted ?? true) });
    await Promise.resolve();
    await Promise.resolve();
    expect([value, completed, signals[1]?.aborted]).toEqual(['answer', [false], false]);
  });

  it('aborts where it errors: what else was begun is over', () => {
    deferWithSignal((signal) => {
      keep(signal);
      return throwError(() => new Error('no'));
    }).subscribe({ error: () => undefined });
    expect(signals[0]?.aborted).toBe(true);
  });

  it('cancels a promise that takes the signal, and shows nobody its rejection', async () => {
    const ended = new Subject<string>();
    const done = firstValueFrom(ended);
    const subscription = deferWithSignal(
      (signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            reject(new Error('cancelled'));
            ended.next('aborted');
          }),
        ),
    ).subscribe({ error: () => ended.next('told') });
    subscription.unsubscribe();
    await expect(done).resolves.toBe('aborted');
  });

  it('aborts where the factory throws, having begun something before', () => {
    const told: unknown[] = [];
    deferWithSignal((signal) => {
      keep(signal);
      throw new Error('no');
    }).subscribe({ error: (error: Error) => told.push(error.message) });
    expect([told, signals.map(({ aborted }) => aborted)]).toEqual([['no'], [true]]);
  });

  it('errors with what the factory throws', () => {
    const errors: unknown[] = [];
    deferWithSignal(() => {
      throw new Error('no factory');
    }).subscribe({ error: ({ message }: Error) => errors.push(message) });
    expect(errors).toEqual(['no factory']);
  });
});
