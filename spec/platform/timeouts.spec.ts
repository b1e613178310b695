import { stopWatching, Timeouts, Watched, type TimeoutClock } from '../../lib/platform/timeouts.js';

/** A clock that goes on when it is told to. Its timers are those that are set and not cleared. */
class ManualClock implements TimeoutClock {
  time = 0;
  readonly timers = new Map<() => void, number>();
  read: (() => void) | undefined;

  now(): number {
    return this.time;
  }

  set(work: () => void, after: number): () => void {
    const timer = (): void => work();
    this.timers.set(timer, this.time + after);
    return () => void this.timers.delete(timer);
  }

  afterReading(work: () => void): void {
    this.read?.();
    work();
  }

  goTo(time: number): void {
    for (;;) {
      const [next] = [...this.timers].filter(([, at]) => at <= time).sort(([, one], [, other]) => one - other);
      if (next === undefined) break;
      const [timer, at] = next;
      this.timers.delete(timer);
      this.time = at;
      timer();
    }
    this.time = time;
  }
}

class Call extends Watched {
  endedAt: number | undefined;

  constructor(private readonly clock: ManualClock) {
    super();
  }

  override onTimeout(): void {
    this.endedAt = this.clock.time;
  }
}

const setting = (calls: number): { clock: ManualClock; timeouts: Timeouts; calls: Call[] } => {
  const clock = new ManualClock();
  return { clock, timeouts: new Timeouts(clock), calls: Array.from({ length: calls }, () => new Call(clock)) };
};
const endsOf = (calls: readonly Call[]): (number | undefined)[] => calls.map(({ endedAt }) => endedAt);

describe('limits that share a timer', () => {
  it('end each exactly when its own time is up, whatever its limit', () => {
    const { clock, timeouts, calls } = setting(6);
    calls.forEach((call, i) => {
      clock.goTo(3 * i);
      timeouts.start(call, i % 2 === 0 ? 10 : 25);
    });
    clock.goTo(100);
    expect(endsOf(calls)).toEqual([10, 28, 16, 34, 22, 40]);
    expect(clock.timers.size).toBe(0);
  });

  it('set one timer for all with the same limit, and none where nothing is watched', () => {
    const { clock, timeouts, calls } = setting(100);
    for (const call of calls) timeouts.start(call, 10);
    expect(clock.timers.size).toBe(1);
    for (const call of calls) stopWatching(call);
    expect(clock.timers.size).toBe(0);
    clock.goTo(100);
    expect(endsOf(calls)).toEqual(calls.map(() => undefined));
  });

  it('begin anew with each start', () => {
    const { clock, timeouts, calls } = setting(2);
    const [heard, silent] = calls as [Call, Call];
    timeouts.start(heard, 10);
    timeouts.start(silent, 10);
    clock.goTo(5);
    timeouts.start(heard, 10);
    clock.goTo(100);
    expect(endsOf([heard, silent])).toEqual([15, 10]);
  });

  it('change with a start that has another limit', () => {
    const { clock, timeouts, calls } = setting(1);
    const [call] = calls as [Call];
    timeouts.start(call, 10);
    timeouts.start(call, 30);
    clock.goTo(100);
    expect(call.endedAt).toBe(30);
    expect(clock.timers.size).toBe(0);
  });

  it('read what has come before they end who was heard of meanwhile', () => {
    const { clock, timeouts, calls } = setting(2);
    const [heard, silent] = calls as [Call, Call];
    timeouts.start(heard, 10);
    timeouts.start(silent, 10);
    clock.read = () => {
      clock.read = undefined;
      timeouts.start(heard, 10);
    };
    clock.goTo(100);
    expect(endsOf([heard, silent])).toEqual([20, 10]);
  });

  it('go on where one that ends stops or starts others', () => {
    const { clock, timeouts, calls } = setting(3);
    const [first, stopped, started] = calls as [Call, Call, Call];
    timeouts.start(first, 10);
    timeouts.start(stopped, 10);
    first.onTimeout = () => {
      stopWatching(stopped);
      timeouts.start(started, 10);
    };
    clock.goTo(100);
    expect(endsOf([stopped, started])).toEqual([undefined, 20]);
    expect(clock.timers.size).toBe(0);
  });

  it('are kept for limits of all lengths, of which few are remembered', () => {
    const { clock, timeouts, calls } = setting(1000);
    calls.forEach((call, i) => timeouts.start(call, i + 1));
    clock.goTo(2000);
    expect(endsOf(calls)).toEqual(calls.map((_, i) => i + 1));
    expect(clock.timers.size).toBe(0);
  });
});
