/** What can be done to the async mode while it runs: new sizes, pauses, and hearing that nothing is left. */
import { firstValueFrom, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { AsyncMode } from '../../lib/async/async-mode.js';
import { ConfigurationError, isClientError } from '../../lib/errors.js';
import { adaptive, fair, fifo } from '../../lib/queues/index.js';
import { desk, type Desk } from './desk.js';
import { dispatched, through, throughAsync } from './through.js';
import { turn } from './turn.js';

function modeOf(poolSize: number, maxTaskQueueSize: number): Desk & { mode: AsyncMode } {
  const mode = new AsyncMode();
  mode.enable(poolSize, maxTaskQueueSize);
  return { mode, ...desk((call) => through(mode, call)) };
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return isClientError(error) ? error.code : String(error);
  }
  return 'nothing';
};

describe('resize', () => {
  it('starts at once what waits when the pool grows', () => {
    const { mode, submit, read } = modeOf(1, 10);
    for (const name of ['a', 'b', 'c', 'd']) submit(name);
    mode.resize(3, undefined);
    expect(read()).toEqual(['start a', 'start b', 'start c']);
    expect([mode.poolSize, mode.depth]).toEqual([3, { running: 3, waiting: 1 }]);
  });

  it('lets what runs finish when it shrinks, and starts nothing until fewer run', () => {
    const { mode, submit, answer, read } = modeOf(3, 10);
    for (const name of ['a', 'b', 'c', 'd']) submit(name);
    mode.resize(1, undefined);
    answer('a');
    answer('b');
    read();
    answer('c');
    expect(read()).toEqual(['stop c', 'start d', 'c: response', 'c: complete']);
  });

  it('grows and shrinks again and again', () => {
    const { mode, submit, answer } = modeOf(1, 1000);
    for (let number = 0; number < 100; number++) submit(`${number}`);
    const running: number[] = [];
    for (const size of [5, 2, 7, 7, 1, 3]) {
      mode.resize(size, undefined);
      for (let number = 0; number < 100; number++) if (mode.depth.running > size) answer(`${number}`);
      running.push(mode.depth.running);
    }
    expect(running).toEqual([5, 2, 7, 7, 1, 3]);
  });

  it('changes how many may wait, and keeps those that wait already', () => {
    const { mode, submit, read } = modeOf(1, 2);
    for (const name of ['a', 'b', 'c']) submit(name);
    mode.resize(undefined, 0);
    submit('d');
    mode.resize(undefined, 3);
    submit('e');
    submit('f');
    expect(read()).toEqual(['start a', 'd: SDK.AsyncQueueFull', 'f: SDK.AsyncQueueFull']);
    expect(mode.depth).toEqual({ running: 1, waiting: 3 });
  });

  it.each([
    [0, 1, 'poolSize'],
    [1.5, 1, 'poolSize'],
    [adaptive({ min: 1, max: 2 }) as never, 1, 'poolSize'],
    [1, -1, 'maxTaskQueueSize'],
  ])('refuses %s, %s, and leaves the pool as it is', (poolSize, maxTaskQueueSize, path) => {
    const { mode } = modeOf(2, 1);
    const resize = (): void => mode.resize(poolSize, maxTaskQueueSize);
    expect(resize).toThrow(ConfigurationError);
    expect(resize).toThrow(`Expected \`${path}\` to be `);
    expect(mode.poolSize).toBe(2);
  });
});

describe('pause', () => {
  it('starts nothing until it is resumed; what runs goes on', () => {
    const { mode, submit, answer, read } = modeOf(2, 5);
    submit('a');
    mode.suspend(true);
    mode.suspend(true);
    for (const name of ['b', 'c', 'd']) submit(name);
    answer('a');
    expect(read()).toEqual(['start a', 'stop a', 'a: response', 'a: complete']);
    mode.suspend(false);
    expect(read()).toEqual(['start b', 'start c']);
    expect(mode.depth).toEqual({ running: 2, waiting: 1 });
  });

  it('accepts as many as ever', () => {
    const { mode, submit, read } = modeOf(2, 1);
    mode.suspend(true);
    for (const name of ['a', 'b', 'c', 'd']) submit(name);
    expect(read()).toEqual(['d: SDK.AsyncQueueFull']);
  });

  it('cancels what waits, and starts nothing by that', async () => {
    const { mode, submit, read } = modeOf(1, 5);
    mode.suspend(true);
    submit('a').unsubscribe();
    submit('b');
    await turn();
    expect(read()).toEqual([]);
    mode.suspend(false);
    expect(read()).toEqual(['start b']);
  });

  it('holds back what has waited to be repeated, too', () => {
    const over = new Subject<never>();
    const { mode, submit, read } = modeOf(1, 5);
    const call = dispatched();
    const call$ = new Observable<string>((subscriber) => call.slot?.leaveDuring(over).subscribe(subscriber));
    mode.run(call, () => call$).subscribe();
    submit('b');
    expect(read()).toEqual(['start b']);
    mode.suspend(true);
    over.complete();
    expect(mode.depth).toEqual({ running: 1, waiting: 1 });
  });

  it('ends with a shutdown, so that what was accepted is finished', async () => {
    const { mode, submit, answer, read } = modeOf(1, 5);
    mode.suspend(true);
    submit('a');
    const log: string[] = [];
    mode.shutdown().subscribe({ complete: () => log.push('done') });
    await turn();
    expect(read()).toEqual(['start a']);
    answer('a');
    expect(log).toEqual(['done']);
  });

  it('starts nothing where the shutdown aborts', async () => {
    const { mode, submit, read } = modeOf(1, 5);
    mode.suspend(true);
    submit('a');
    mode.shutdown({ mode: 'abort' });
    await turn();
    expect(read()).toEqual(['a: SDK.Aborted']);
  });
});

it('can be done in the async mode alone', () => {
  const mode = new AsyncMode();
  const acts = [() => mode.resize(1, 1), () => mode.suspend(true), () => mode.suspend(false)];
  expect(acts.map(codeOf)).toEqual(acts.map(() => 'SDK.AsyncFunctionNotEnabled'));
  mode.enable();
  expect(acts.map(codeOf)).toEqual(acts.map(() => 'nothing'));
  mode.shutdown();
  expect(acts.map(codeOf)).toEqual(acts.map(() => 'SDK.AsyncFunctionNotEnabled'));
});

describe('idle$', () => {
  it('emits at once where nothing is under way, and each time that nothing is any more', () => {
    const { mode, submit, answer } = modeOf(1, 5);
    const log: string[] = [];
    mode.idle$.subscribe(() => log.push('idle'));
    submit('a');
    submit('b');
    answer('a');
    expect(log).toEqual(['idle']);
    answer('b');
    expect(log).toEqual(['idle', 'idle']);
    mode.idle$.subscribe(() => log.push('late'));
    expect(log).toEqual(['idle', 'idle', 'late']);
  });

  it('waits for those who have yet to be told, and for what they do in answer', () => {
    const { mode, submit, answer, log } = modeOf(1, 5);
    submit('a', undefined, { complete: () => void submit('b') });
    mode.idle$.subscribe(() => log.push('idle'));
    answer('a');
    expect(log).not.toContain('idle');
    answer('b');
    expect(log.at(-1)).toBe('idle');
  });

  it('hears of calls outside of the pool, of failures, cancels and aborts', () => {
    const mode = new AsyncMode();
    let idle = -1;
    mode.idle$.subscribe(() => idle++);
    through(mode, of(1)).subscribe();
    through(
      mode,
      throwError(() => 'failed'),
    ).subscribe({ error: () => undefined });
    through(mode, NEVER).subscribe().unsubscribe();
    expect(idle).toBe(3);
    mode.enable(1, 1);
    const calls = [NEVER, NEVER].map((call) => throughAsync(mode, call).subscribe({ error: () => undefined }));
    calls[1]?.unsubscribe();
    expect(idle).toBe(3);
    mode.shutdown({ mode: 'abort' });
    expect(idle).toBe(4);
  });

  it('waits for what an earlier shutdown has left, too', () => {
    const { mode, submit, answer } = modeOf(1, 5);
    submit('old');
    mode.shutdown();
    mode.enable(1, 1);
    let idle = 0;
    mode.idle$.subscribe(() => idle++);
    submit('new');
    answer('new');
    expect(idle).toBe(0);
    answer('old');
    expect(idle).toBe(1);
  });

  it('can be waited for', async () => {
    const { mode, submit, answer } = modeOf(1, 5);
    submit('a');
    const idle = firstValueFrom(mode.idle$);
    answer('a');
    await expect(idle).resolves.toBeUndefined();
  });
});

describe('a queue of the async mode', () => {
  it.each([
    [{ queue: 'fifo' }, 'queue'],
    [{ queue: {} }, 'queue'],
    [{ queues: fifo() }, 'queues'],
  ])('is refused where it is none: %o', (options, path) => {
    const mode = new AsyncMode();
    const enable = (): void => mode.enable(1, 1, options as never);
    expect(enable).toThrow(ConfigurationError);
    expect(enable).toThrow(`Expected \`${path}\` to be `);
    expect(mode.poolSize).toBeUndefined();
  });

  it('serves several clients, each with what waits of its own', () => {
    const queue = fair(() => 'all', { limit: 1 });
    const modes = [new AsyncMode(), new AsyncMode()];
    for (const mode of modes) {
      mode.enable(5, 5, { queue });
      through(mode, NEVER).subscribe();
      through(mode, NEVER).subscribe();
    }
    expect(modes.map(({ depth }) => depth)).toEqual([
      { running: 1, waiting: 1 },
      { running: 1, waiting: 1 },
    ]);
  });

  it('has a size of its own where that is adaptive', () => {
    // In virtual time, where no call is late by the machine's fault.
    const sizes: (number | undefined)[] = [];
    new TestScheduler(() => undefined).run(() => {
      const mode = new AsyncMode();
      mode.enable(adaptive({ min: 2, max: 4 }), 100);
      const { submit, answer } = desk((call) => through(mode, call));
      for (let number = 0; number < 20; number++) submit(`${number}`);
      sizes.push(mode.poolSize);
      for (const name of ['0', '1']) answer(name);
      sizes.push(mode.poolSize);
      mode.throttled();
      sizes.push(mode.poolSize);
    });
    expect(sizes).toEqual([2, 3, 2]);
  });
});
