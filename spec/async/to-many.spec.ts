import { concat, from, lastValueFrom, NEVER, of, Subject, take, throwError, toArray } from 'rxjs';
import { AsyncMode } from '../../lib/async/async-mode.js';
import { toManyCallbacks, toManyChannels } from '../../lib/async/to-many.js';
import { isClientError } from '../../lib/errors.js';
import { through, throughAsync } from './through.js';
import { turn } from './turn.js';

const failing = concat(
  from([1, 2]),
  throwError(() => new Error('no')),
);

describe('toManyChannels', () => {
  it('gives each value as it comes, and closes both channels at the end', async () => {
    const value$ = new Subject<number>();
    const [values, errors] = toManyChannels(value$);
    value$.next(1);
    expect(await values.receive()).toBe(1);
    const second = values.receive();
    value$.next(2);
    expect(await second).toBe(2);
    expect([values.closed, errors.closed]).toEqual([false, false]);
    value$.complete();
    expect(await Promise.all([values.receive(), errors.receive()])).toEqual([undefined, undefined]);
  });

  it('gives the values before a failure, and the failure, typed', async () => {
    const [values, errors] = toManyChannels(failing);
    expect(await errors.receive()).toMatchObject({ code: 'SDK.Unexpected', message: 'no' });
    expect(await lastValueFrom(values.asObservable().pipe(toArray()))).toEqual([1, 2]);
  });
});

describe('toManyCallbacks', () => {
  it('calls back with each value, after it has returned, and then says that it went well', async () => {
    const log: unknown[] = [];
    const blocker = toManyCallbacks(from([1, 2]), (value, error) => log.push([value, error]));
    log.push('returned');
    expect(await blocker.receive()).toBe(1);
    expect(log).toEqual(['returned', [1, undefined], [2, undefined]]);
    expect(await blocker.receive()).toBeUndefined();
  });

  it('calls back with a failure, and then says so', async () => {
    const log: unknown[] = [];
    const blocker = toManyCallbacks(failing, (value, error) => log.push(value ?? error?.message));
    expect(await blocker.receive()).toBe(0);
    expect(log).toEqual([1, 2, 'no']);
  });
});

describe('a call with many values, through the pool', () => {
  function enabled(poolSize: number): AsyncMode {
    const mode = new AsyncMode();
    mode.enable(poolSize, 10);
    return mode;
  }

  it('passes them on as they come, while a call with one holds it until the end', () => {
    const mode = enabled(2);
    const [many, one] = [new Subject<number>(), new Subject<number>()];
    const log: string[] = [];
    through(mode, many, true).subscribe((value) => log.push(`many ${value}`));
    through(mode, one).subscribe((value) => log.push(`one ${value}`));
    for (const value of [1, 2]) {
      many.next(value);
      one.next(value);
    }
    expect(log).toEqual(['many 1', 'many 2']);
    one.complete();
    expect(log).toEqual(['many 1', 'many 2', 'one 2']);
  });

  it('frees its slot at its end, and when it is unsubscribed from, be it on a value', async () => {
    const mode = enabled(1);
    const log: string[] = [];
    through(mode, of(1, 2), true).subscribe({
      next: (value) => log.push(`a ${value}`),
      complete: () => log.push('a ends'),
    });
    const b = through(mode, concat(of(1), NEVER), true).subscribe((value) => log.push(`b ${value}`));
    through(mode, from([1]), true).subscribe((value) => log.push(`c ${value}`));
    expect(log).toEqual(['a 1', 'a 2', 'a ends', 'b 1']);
    b.unsubscribe();
    await turn();
    expect(log.at(-1)).toBe('c 1');
    through(mode, concat(from([1, 2]), NEVER), true)
      .pipe(take(1))
      .subscribe((value) => log.push(`d ${value}`));
    through(mode, of(1), true).subscribe((value) => log.push(`e ${value}`));
    await turn();
    expect(log.slice(-2)).toEqual(['d 1', 'e 1']);
  });

  it('is cut off by an abort, after the values that came', () => {
    const mode = enabled(1);
    const log: unknown[] = [];
    throughAsync(mode, concat(of(1), NEVER), true).subscribe({
      next: (value) => log.push(value),
      error: (error: unknown) => log.push(isClientError(error, 'SDK.Aborted')),
    });
    mode.shutdown({ mode: 'abort' });
    expect(log).toEqual([1, true]);
  });
});
