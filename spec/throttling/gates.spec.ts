import { isClientError } from '../../lib/errors.js';
import { Gates } from '../../lib/throttling/gates.js';
import { no, ok, other, scope, virtually, type Told } from './support.js';

describe('Gates', () => {
  describe('where nothing is throttled', () => {
    it('lets every call go at once, and keeps nothing', () => {
      virtually(({ rateLimiter, ...calls }, _at, { expectObservable }) => {
        expect([rateLimiter.idle, rateLimiter.isOpen(scope), rateLimiter.estimate(scope)]).toEqual([true, true, 0]);
        rateLimiter.learn(scope, ok());
        rateLimiter.learn(scope, ok({ api: [5, 2000], user: [-1, 2000] }));
        expect(rateLimiter.idle).toBe(true);
        expectObservable(rateLimiter.admit(scope)).toBe('(p|)', { p: expect.anything() as unknown });
        expect(calls.errors).toEqual([]);
      });
    });
  });

  describe('a throttle', () => {
    it('closes its scope for as long as the server asks', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 1000 }));
        expect([calls.rateLimiter.isOpen(scope), calls.rateLimiter.estimate(scope)]).toEqual([false, 1000]);
        calls.make('a');
        at(300, () => expect(calls.rateLimiter.estimate(scope)).toBe(700));
        flush();
        expect(calls.went).toEqual(['a 1000']);
      });
    });

    it('closes no other', () => {
      const rateLimiter = new Gates();
      rateLimiter.learn(scope, no({ wait: 1000 }));
      for (const differs of [
        { action: 'RunInstances' },
        { credentials: 'LTAI2' },
        { region: 'cn-beijing' },
        { product: 'Vpc' },
        { region: 'cn-hangzhou\nEcs', product: 'DescribeZones', action: '' },
      ]) {
        expect([rateLimiter.isOpen({ ...scope, ...differs }), rateLimiter.estimate({ ...scope, ...differs })]).toEqual([
          true,
          0,
        ]);
      }
    });

    it.each<[what: string, told: Told, time: number]>([
      ['the wait that is asked for', { wait: 700, api: [0, 2000] }, 700],
      ["else the quota's time", { api: [0, 2000] }, 2000],
      ['else half a second', {}, 500],
      ['else half a second, where the quota does not say', { api: [0, 0] }, 500],
      ['else half a second, where the quota is not spent', { api: [3, 2000] }, 500],
      ["and the user's quota besides", { wait: 700, user: [0, 2000] }, 2000],
    ])('counts %s', (_what, told, time) => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no(told));
        calls.make('a');
        flush();
        expect(calls.went).toEqual([`a ${time}`]);
      });
    });

    it('of many that were under way counts once, and what they ask for in full', () => {
      virtually((calls, _at, { flush }) => {
        for (let i = 0; i < 10; i++) calls.rateLimiter.learn(scope, no());
        expect(calls.rateLimiter.estimate(scope)).toBe(500);
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        expect(calls.rateLimiter.estimate(scope)).toBe(500);
        calls.rateLimiter.learn(scope, no({ wait: 900 }));
        calls.make('a');
        flush();
        expect(calls.went).toEqual(['a 900']);
      });
    });

    it('of a call that was under way before, without a wait, is no news', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no());
        at(300, () => {
          calls.rateLimiter.learn(scope, no());
          expect(calls.rateLimiter.estimate(scope)).toBe(200);
        });
        calls.makeAll(2);
        at(505, () => calls.rateLimiter.learn(scope, no()));
        flush();
        expect(calls.went).toEqual(['a 500', 'b 510']);
      });
    });

    it('with no wait at all leaves the rest to the next', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.makeAll(3, { answer: () => no({ wait: 0 }) });
        flush();
        expect(calls.went).toEqual(['a 100', 'b 110', 'c 120']);
      });
    });

    it('of a call that was in flight before does not count among those in a row, whatever it asks for', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no());
        calls.rateLimiter.learn(scope, no({ wait: 600 }));
        calls.make('a', { answer: () => no() });
        calls.make('b');
        flush();
        expect(calls.went).toEqual(['a 600', 'b 1610']);
      });
    });

    it('of a wait beyond any timer does not let calls go at once', () => {
      virtually((calls, at) => {
        calls.rateLimiter.learn(scope, no({ wait: 2 ** 33 }));
        const waiting = calls.make('a');
        at(2 ** 32, () => {
          expect(calls.went).toEqual([]);
          waiting.unsubscribe();
        });
      });
    });
  });

  describe('a quota that is used up', () => {
    it('closes ahead of the wall, on a success', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, ok({ api: [0, 2000] }));
        calls.make('a');
        calls.make('b', { of: other });
        flush();
        expect(calls.went).toEqual(['b 0', 'a 2000']);
      });
    });

    it("closes all of the user's operations, where it is the user's", () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, ok({ user: [0, 2000] }));
        calls.make('a');
        calls.make('b', { of: other });
        calls.make('c', { of: { ...other, credentials: 'LTAI2' } });
        calls.make('d', { of: { ...other, product: 'Vpc' } });
        flush();
        expect(calls.went).toEqual(['c 0', 'd 0', 'a 2000', 'b 2010']);
        expect(calls.rateLimiter.idle).toBe(true);
      });
    });

    it.each<Told>([{ api: [0, 0] }, { api: [1, 2000] }, { user: [-1, 2000] }])('closes nothing with %j', (told) => {
      const rateLimiter = new Gates();
      rateLimiter.learn(scope, ok(told));
      expect(rateLimiter.idle).toBe(true);
    });
  });

  describe('when the time is up', () => {
    it('lets one go first, and two more with each that is let through, in the order in which they came', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.makeAll(8);
        flush();
        expect(calls.went).toEqual(['a 100', 'b 110', 'c 110', 'd 120', 'e 120', 'f 120', 'g 120', 'h 130']);
        expect(calls.rateLimiter.idle).toBe(true);
      });
    });

    it('lets as many go as the server says remain', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        const remains = [3, 1, 1, 1, 5];
        calls.makeAll(8, { answer: () => ok({ api: [remains.shift() ?? 5, 2000] }) });
        flush();
        expect(calls.went).toEqual(['a 100', 'b 110', 'c 110', 'd 110', 'e 120', 'f 130', 'g 130', 'h 130']);
      });
    });

    it('lets all go where the server says that there is no limit', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.makeAll(5, { answer: () => ok({ api: [-1, 0] }) });
        flush();
        expect(calls.went).toEqual(['a 100', 'b 110', 'c 110', 'd 110', 'e 110']);
      });
    });

    it('waits again where that one is refused: twice as long, up to 20 seconds, where the server does not say', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no());
        calls.makeAll(8, { answer: no, takes: 0 });
        flush();
        const waits = [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000];
        let time = 0;
        expect(calls.went).toEqual(waits.map((wait, i) => `${'abcdefgh'[i]} ${(time += wait)}`));
      });
    });

    it('waits as long as the refusal of that one asks', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 3000 }));
        calls.makeAll(3, { answer: () => no({ wait: 50 }) });
        flush();
        expect(calls.went).toEqual(['a 3000', 'b 3060', 'c 3120']);
      });
    });

    it('starts from half a second again after a success', () => {
      virtually((calls, _at, { flush }) => {
        const answers = [no(), no(), ok(), no(), ok()];
        calls.rateLimiter.learn(scope, no());
        calls.makeAll(7, { takes: 1, answer: () => answers.shift() ?? ok() });
        flush();
        expect(calls.went).toEqual(['a 500', 'b 1501', 'c 3502', 'd 3503', 'e 3503', 'f 4004', 'g 4005']);
      });
    });

    it.each<[how: string, end: 'cancelled' | 'failed']>([
      ['is cancelled', 'cancelled'],
      ['fails without an answer', 'failed'],
    ])('hands the part of the one that %s to the next', (_how, end) => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        const first = calls.make('a', { takes: 20, answer: () => undefined });
        calls.make('b');
        calls.make('c');
        if (end === 'cancelled') at(120, () => first.unsubscribe());
        flush();
        expect(calls.went).toEqual(['a 100', 'b 120', 'c 130']);
        expect(calls.rateLimiter.idle).toBe(true);
      });
    });

    it('does not take an older answer for news', () => {
      virtually((calls, at, { flush }) => {
        const early = { takes: 150, answer: () => ok({ api: [5, 2000] as const }) };
        calls.make('early', early);
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.make('a', { takes: 300 });
        calls.make('b');
        at(399, () => expect(calls.went).toEqual(['early 0', 'a 100']));
        flush();
        expect(calls.went).toEqual(['early 0', 'a 100', 'b 400']);
      });
    });

    it('does not take a success from before the scope had recovered for one of now', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.make('a');
        calls.make('b');
        calls.make('c', { takes: 50 });
        at(130, () => calls.rateLimiter.learn(scope, no({ wait: 1000 })));
        at(200, () => calls.make('d'));
        flush();
        expect(calls.went).toEqual(['a 100', 'b 110', 'c 110', 'd 1130']);
      });
    });

    it('needs nothing but the answer to let the next go', () => {
      virtually(({ rateLimiter }, _at, { flush }) => {
        let answered = 0;
        rateLimiter.learn(scope, no({ wait: 100 }));
        for (let i = 0; i < 3; i++) {
          rateLimiter.admit(scope).subscribe((pass) => {
            answered++;
            rateLimiter.learn(scope, ok({ api: [1, 2000] }), pass);
          });
        }
        flush();
        expect(answered).toBe(3);
      });
    });

    it('does not let a call go that comes later before those that wait', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.make('a', { takes: 100 });
        calls.make('b', { takes: 100 });
        at(150, () => calls.make('c', { takes: 100 }));
        flush();
        expect(calls.went).toEqual(['a 100', 'b 200', 'c 200']);
      });
    });

    it('lets a call go at once that comes later still, and the next only after it', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        at(5000, () => calls.makeAll(2));
        flush();
        expect(calls.went).toEqual(['a 5000', 'b 5010']);
      });
    });
  });

  describe('two gates at once', () => {
    it("keeps a call that waits for its own operation from holding up the user's others", () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 1000 }));
        calls.rateLimiter.learn(scope, ok({ user: [0, 100] }));
        calls.make('a');
        calls.make('b', { of: other });
        flush();
        expect(calls.went).toEqual(['b 100', 'a 1000']);
        expect(calls.rateLimiter.idle).toBe(true);
      });
    });

    it("does not take an operation's throttle for the user's recovery", () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, ok({ user: [0, 100] }));
        calls.make('a', { answer: no });
        calls.make('b', { of: other });
        calls.make('c', { of: other });
        flush();
        expect(calls.went).toEqual(['a 100', 'b 110', 'c 120']);
      });
    });

    it('asks again at the first where that has closed meanwhile', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, ok({ user: [0, 100] }));
        calls.make('a');
        calls.make('b', { of: other });
        at(50, () => calls.rateLimiter.learn(scope, no({ wait: 1000 })));
        flush();
        expect(calls.went).toEqual(['b 100', 'a 1050']);
        expect(calls.rateLimiter.idle).toBe(true);
      });
    });

    it("gives both places up where the call is cancelled at the user's", () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.rateLimiter.learn(scope, ok({ user: [0, 1000] }));
        const first = calls.make('a');
        calls.make('b');
        at(500, () => first.unsubscribe());
        flush();
        expect(calls.went).toEqual(['b 1000']);
        expect(calls.rateLimiter.idle).toBe(true);
      });
    });
  });

  describe('a call that can not wait as long', () => {
    it('fails at once, and says why', () => {
      virtually((calls) => {
        calls.rateLimiter.learn(scope, no({ wait: 1000 }));
        calls.make('a', { longest: 999 });
        calls.make('b', { longest: 1000 });
        expect(calls.errors).toHaveLength(1);
        expect(isClientError(calls.errors[0], 'SDK.Throttled')).toBe(true);
        expect(String(calls.errors[0])).toBe(
          "ClientError: DescribeZones was not sent: Ecs lets no such call through for another 1000 ms, longer than the call's deadline or maxRetryAfter allows",
        );
      });
    });

    it('fails as soon as that is known', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 1000 }));
        calls.make('a', { answer: () => no({ wait: 5000 }) });
        calls.make('b', { longest: 3000 });
        calls.make('c', { longest: 9000 });
        at(1009, () => expect(calls.errors).toEqual([]));
        at(1011, () => expect(calls.errors).toHaveLength(1));
        flush();
        expect(calls.went).toEqual(['a 1000', 'c 6010']);
      });
    });

    it('is told how much longer it would have to wait', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 1000 }));
        calls.make('a', { answer: () => no({ wait: 5000 }) });
        calls.make('b', { longest: 3000 });
        at(300, () => calls.make('c', { longest: 100 }));
        flush();
        expect(calls.errors).toMatchObject([{ retryAfter: 700 }, { retryAfter: 5000 }]);
      });
    });

    it('fails where less was asked for since, by a call that was in flight before', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 5000 }));
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.make('a', { longest: 3000 });
        flush();
        expect(calls.errors).toMatchObject([{ retryAfter: 5000 }]);
      });
    });

    it('waits where what was asked for before has been tried, and less is asked for now', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, { ...no({ wait: 9000 }), longest: 1000 });
        calls.make('a', { answer: () => no({ wait: 500 }) });
        at(1020, () => calls.make('b', { longest: 1500 }));
        flush();
        expect([calls.went, calls.errors]).toEqual([['a 1000', 'b 1510'], []]);
      });
    });

    it('may wait to the very millisecond', () => {
      virtually((calls, _at, { flush }) => {
        calls.rateLimiter.learn(scope, no());
        calls.make('a', { longest: 1000 });
        calls.rateLimiter.learn(scope, no({ wait: 1000 }));
        flush();
        expect([calls.went, calls.errors]).toEqual([['a 1000'], []]);
      });
    });

    it('goes where others may have long to wait still, when it is time to try', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, { ...no({ wait: 5000 }), longest: 1000 });
        at(1200, () => calls.make('a', { longest: 100 }));
        flush();
        expect([calls.went, calls.errors]).toEqual([['a 1200'], []]);
      });
    });

    it("gives up what it held where that is known at the user's gate only", () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        at(100, () => calls.rateLimiter.learn(other, ok({ user: [0, 5000] })));
        at(110, () => calls.make('a', { longest: 50 }));
        at(120, () => calls.make('b'));
        flush();
        expect(calls.errors).toHaveLength(1);
        expect(calls.went).toEqual(['b 5100']);
      });
    });

    it('names no credentials', () => {
      virtually((calls) => {
        calls.rateLimiter.learn(scope, no({ wait: 1000 }));
        calls.make('a', { longest: 0 });
        expect(JSON.stringify(calls.errors) + String(calls.errors[0])).not.toContain('LTAI1');
      });
    });
  });

  describe('what is left behind', () => {
    it('is no timer where nobody waits', () => {
      jest.useFakeTimers();
      try {
        const rateLimiter = new Gates();
        rateLimiter.learn(scope, no({ wait: 1000 }));
        expect(jest.getTimerCount()).toBe(0);
        const waiting = [1, 2, 3].map(() => rateLimiter.admit(scope).subscribe());
        expect(jest.getTimerCount()).toBe(1);
        for (const one of waiting) one.unsubscribe();
        expect(jest.getTimerCount()).toBe(0);
        rateLimiter.admit(scope).subscribe((pass) => pass.done());
        jest.advanceTimersByTime(1000);
        expect(jest.getTimerCount()).toBe(0);
      } finally {
        jest.useRealTimers();
      }
    });

    it('is nothing of scopes that have recovered', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 1000, user: [0, 500] }));
        calls.makeAll(20);
        at(3000, () => expect([calls.rateLimiter.idle, calls.rateLimiter.isOpen(scope)]).toEqual([true, true]));
        flush();
        expect(calls.went).toHaveLength(20);
      });
    });

    it('is nothing of scopes that nobody has asked for in long, once there are others', () => {
      virtually(({ rateLimiter }, at) => {
        rateLimiter.learn(scope, no({ wait: 1000 }));
        at(30_000, () => {
          rateLimiter.learn(other, no({ wait: 1000 }));
          expect(rateLimiter.isOpen(scope)).toBe(false);
        });
        at(90_000, () => {
          rateLimiter.learn({ ...other, region: 'cn-beijing' }, no({ wait: 1000 }));
          expect([rateLimiter.isOpen(scope), rateLimiter.isOpen(other)]).toEqual([true, false]);
        });
      });
    });

    it('is a gate for which a call is in flight, however long that takes', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.make('a', { takes: 70_000 });
        at(65_000, () => calls.rateLimiter.learn(other, no({ wait: 1 })));
        at(66_000, () => calls.make('b'));
        flush();
        expect(calls.went).toEqual(['a 100', 'b 70100']);
      });
    });

    it('is no harm in being told twice that a call is over', () => {
      virtually((calls, at, { flush }) => {
        calls.rateLimiter.learn(scope, no({ wait: 100 }));
        calls.rateLimiter.admit(scope).subscribe((pass) => {
          pass.done();
          pass.done();
          calls.makeAll(2, { takes: 50 });
          pass.done();
          calls.rateLimiter.learn(scope, ok(), pass);
        });
        at(149, () => expect(calls.went).toEqual(['a 100']));
        flush();
        expect(calls.went).toEqual(['a 100', 'b 150']);
      });
    });
  });

  it('does not wait longer where the local clock is set back', () => {
    jest.useFakeTimers({ now: 1_000_000 });
    try {
      const rateLimiter = new Gates();
      const went: string[] = [];
      rateLimiter.learn(scope, no({ wait: 1000 }));
      rateLimiter.admit(scope).subscribe(() => went.push('a'));
      jest.setSystemTime(0);
      jest.advanceTimersByTime(1000);
      expect(went).toEqual(['a']);
      rateLimiter.learn(other, no({ wait: 1000 }));
      jest.setSystemTime(-1e9);
      expect(rateLimiter.estimate(other)).toBe(1000);
    } finally {
      jest.useRealTimers();
    }
  });

  it('bears twenty thousand calls that are answered at once', () => {
    virtually((calls, _at, { flush }) => {
      let answered = 0;
      calls.rateLimiter.learn(scope, no({ wait: 100 }));
      for (let i = 0; i < 20_000; i++) {
        calls.rateLimiter.admit(scope).subscribe((pass) => {
          answered++;
          calls.rateLimiter.learn(scope, ok(), pass);
        });
      }
      flush();
      expect([answered, calls.rateLimiter.idle]).toEqual([20_000, true]);
    });
  });
});
