import fc from 'fast-check';
import { SkewCorrectedClock } from '../../lib/clock/skew-corrected-clock.js';

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 31, 8);

/** A local clock that can be set. */
class Local {
  readonly clock = new SkewCorrectedClock(() => this.time);

  constructor(public time = start) {}
}

function httpDate(time: number): string {
  return new Date(time).toUTCString();
}

describe('SkewCorrectedClock', () => {
  it('is the local clock until it learns better', () => {
    const { clock } = new Local();
    expect([clock.now(), clock.offset]).toEqual([start, 0]);
  });

  it('takes the time of the server, as of the middle of the exchange', () => {
    const { clock } = new Local();
    clock.learn(httpDate(start + hour), undefined, start - 2000, start);
    expect(clock.offset).toBe(hour + 1000);
    expect(clock.now()).toBe(start + hour + 1000);
  });

  it('goes on with the local clock from there', () => {
    const state = new Local();
    state.clock.learn(httpDate(start - hour), '0', start, start);
    state.time += 5000;
    expect(state.clock.now()).toBe(start - hour + 5000);
  });

  it('forgets what it learnt before: the local clock may have been set right', () => {
    const { clock } = new Local();
    clock.learn(httpDate(start + hour), undefined, start, start);
    clock.learn(httpDate(start), undefined, start, start);
    expect(clock.offset).toBe(0);
  });

  it.each<[why: string, date: string | undefined, age: string | undefined]>([
    ['has no date', undefined, undefined],
    ['has a date that is none', 'soon', undefined],
    ['comes from a cache', httpDate(start + hour), '1'],
    ['has an age that says nothing', httpDate(start + hour), 'old'],
  ])('learns nothing from an answer that %s', (_why, date, age) => {
    const { clock } = new Local();
    clock.learn(date, age, start, start);
    expect(clock.offset).toBe(0);
  });

  it('goes by the time of receipt where the local clock was set back on the way', () => {
    const { clock } = new Local();
    clock.learn(httpDate(start), undefined, start, start - hour);
    expect(clock.offset).toBe(hour);
  });

  it('knows an offset again, by the precision of a date', () => {
    const { clock } = new Local();
    clock.learn(httpDate(start + hour), undefined, start, start);
    expect([0, hour - 1000, hour - 999, hour, hour + 999, hour + 1000].map((used) => clock.differsFrom(used))).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('lets each of many calls in parallel, all signed with the wrong time, sign again exactly once', () => {
    const { clock } = new Local();
    const used = Array.from({ length: 10 }, () => clock.offset);
    const again = used.map((offset, i) => {
      // The answers come one after the other, each with a little less precision.
      clock.learn(httpDate(start - hour), undefined, start, start + 50 * i);
      return clock.differsFrom(offset);
    });
    expect(again).toEqual(Array<boolean>(10).fill(true));
    expect(clock.differsFrom(clock.offset)).toBe(false);
  });

  it('is right to a second and the time on the wire, whatever the skew', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e10, max: 1e10 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (skew, duration, share) => {
          const state = new Local(start + duration);
          const answeredAt = start + skew + duration * share;
          state.clock.learn(httpDate(answeredAt), undefined, start, start + duration);
          expect(Math.abs(state.clock.now() - (state.time + skew))).toBeLessThanOrEqual(duration / 2 + 1000);
        },
      ),
    );
  });
});
