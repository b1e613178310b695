/** Whatever calls come, and whatever the server does: no call is lost, none overtakes, and never do two probes go. */
import fc from 'fast-check';
import { seeded } from '../async/seeded.js';
import { no, ok, other, scope, virtually } from './support.js';

/** A call, times in milliseconds. */
const anyCall = fc.record({
  at: fc.nat(3000),
  takes: fc.nat(200),
  fate: fc.oneof(
    { weight: 5, arbitrary: fc.constant('let through' as const) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 500 }).map((wait) => ({ wait })) },
    { weight: 1, arbitrary: fc.constant('lost' as const) },
  ),
  cancelledAfter: fc.option(fc.nat(1000), { freq: 4, nil: undefined }),
});

const anyCalls = fc
  .array(anyCall, { minLength: 1, maxLength: 40 })
  .map((calls) => calls.map((call, name) => ({ ...call, name })).sort((a, b) => a.at - b.at));

describe('RateLimiter, with any calls', () => {
  it('loses none, keeps their order, and sends one probe at a time, never too early', () => {
    fc.assert(
      fc.property(anyCalls, (all) => {
        virtually((calls, at, { flush }) => {
          let closedUntil = 0;
          /** Admitted since the last throttle, and whether one of them was let through. */
          let since = new Set<number>();
          let isReopened = true;
          const cancelled = new Set<number>();
          const made: number[] = [];

          for (const { at: begin, takes, fate, cancelledAfter, name } of all) {
            at(begin, () => {
              made.push(name);
              const mine = calls.make(`${name}`, {
                takes,
                answer() {
                  const isNew = since.delete(name);
                  if (fate === 'lost') return undefined;
                  if (fate === 'let through') {
                    isReopened ||= isNew;
                    return ok();
                  }
                  closedUntil = Math.max(closedUntil, calls.now() + fate.wait);
                  since = new Set();
                  isReopened = false;
                  return no(fate);
                },
                onGo() {
                  expect(calls.now()).toBeGreaterThanOrEqual(closedUntil);
                  since.add(name);
                  if (!isReopened) expect(since.size).toBe(1);
                },
              });
              if (cancelledAfter !== undefined) {
                at(cancelledAfter, () => {
                  if (!mine.closed) cancelled.add(name);
                  since.delete(name);
                  mine.unsubscribe();
                });
              }
            });
          }
          flush();

          const went = calls.went.map((line) => Number(line.split(' ')[0]));
          const waited = made.filter((name) => !cancelled.has(name));
          expect(went.filter((name) => !cancelled.has(name))).toEqual(waited);
          expect([calls.underWay, calls.errors]).toEqual([0, []]);
        });
      }),
      seeded(300),
    );
  });

  it('loses none between the gates of two operations and that of their user', () => {
    const anyTold = fc.record({
      throttled: fc.boolean(),
      api: fc.tuple(fc.integer({ min: -1, max: 3 }), fc.nat(500)),
      user: fc.tuple(fc.integer({ min: -1, max: 3 }), fc.nat(500)),
      isAnswered: fc.boolean(),
    });
    const anyOfTwo = fc.record({
      at: fc.nat(3000),
      takes: fc.nat(200),
      isOther: fc.boolean(),
      told: anyTold,
      cancelledAfter: fc.option(fc.nat(1000), { freq: 4, nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(anyOfTwo, { maxLength: 40 }), (all) => {
        virtually((calls, at, { flush }) => {
          const cancelled = new Set<string>();
          all.forEach(({ at: begin, takes, isOther, told, cancelledAfter }, name) => {
            at(begin, () => {
              const { throttled, api, user, isAnswered } = told;
              const answer = (throttled ? no : ok)({ api, user });
              const mine = calls.make(`${name}`, {
                takes,
                of: isOther ? other : scope,
                answer: () => (isAnswered ? answer : undefined),
              });
              if (cancelledAfter === undefined) return;
              at(cancelledAfter, () => {
                if (!mine.closed) cancelled.add(`${name}`);
                mine.unsubscribe();
              });
            });
          });
          flush();
          const went = calls.went.map((line) => line.split(' ')[0]);
          expect(new Set(went).size).toBe(went.length);
          expect(new Set([...went, ...cancelled]).size).toBe(all.length);
          expect([calls.underWay, calls.errors]).toEqual([0, []]);
        });
      }),
      seeded(300),
    );
  });
});
