import { TestScheduler } from 'rxjs/testing';
import type { CallEvent, ClientStats } from '../../lib/events/events.js';
import { statsOf, type Counts } from '../../lib/events/stats.js';
import { ClientError } from '../../lib/errors.js';
import { answered, eventOf } from './support.js';

const error = new ClientError('SDK.NetworkError', 'no');
const ended = { duration: 1, attempts: 1 };
const events: Readonly<Record<string, CallEvent>> = {
  q: eventOf('queued', {}),
  s: eventOf('started', { queued: 0 }),
  n: answered(),
  f: eventOf('finished', ended),
  x: eventOf('failed', { ...ended, error }),
  c: eventOf('cancelled', ended),
  r: eventOf('refused', { error }),
  t: eventOf('retried', { attempt: 1, kind: 'transient', error, wait: 1 }),
  h: eventOf('throttled', {}),
  d: eventOf('drifted', { drift: [] }),
};

const still = { started: 0, finished: 0, failed: 0, cancelled: 0, refused: 0, retried: 0, throttled: 0, drifted: 0 };
const stats = (rates: Partial<ClientStats['rates']>, running = 2, waiting = 3): ClientStats => ({
  running,
  waiting,
  poolSize: 5,
  rates: { ...still, ...rates },
});
const counts = (): Counts => ({ running: 2, waiting: 3, poolSize: 5 });

/** Runs in virtual time, a frame a millisecond. */
function virtually(spec: (scheduler: Parameters<Parameters<TestScheduler['run']>[0]>[0]) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(spec);
}

describe('the stats of a client', () => {
  it('come at once, and then every second', () => {
    virtually(({ hot, expectObservable }) => {
      expectObservable(statsOf(hot('-', events), counts), '2999ms !').toBe('a 999ms a 999ms a', { a: stats({}) });
    });
  });

  it('say what happened in the last second, and nothing of the second before', () => {
    virtually(({ hot, expectObservable }) => {
      const events$ = hot('10ms s s s 500ms f 600ms s', events);
      expectObservable(statsOf(events$, counts), '2500ms !').toBe('a 999ms b 999ms c', {
        a: stats({}),
        b: stats({ started: 3, finished: 1 }),
        c: stats({ started: 1 }),
      });
    });
  });

  it('count each kind of event on its own', () => {
    virtually(({ hot, expectObservable }) => {
      const events$ = hot('-(qsnfxcrthdd)-(cc)-(rrr)', events);
      const rates = {
        started: 1,
        finished: 1,
        failed: 1,
        cancelled: 3,
        refused: 4,
        retried: 1,
        throttled: 1,
        drifted: 2,
      };
      expectObservable(statsOf(events$, counts), '1500ms !').toBe('a 999ms b', { a: stats({}), b: stats(rates) });
    });
  });

  it('say how many calls there are at that moment', () => {
    virtually(({ hot, expectObservable }) => {
      let running = 0;
      const stats$ = statsOf(hot('-', events), () => ({ running: running++, waiting: 9, poolSize: 5 }));
      expectObservable(stats$, '1500ms !').toBe('a 999ms b', { a: stats({}, 0, 9), b: stats({}, 1, 9) });
    });
  });

  it('run for each subscriber, and for nobody else', () => {
    virtually(({ hot, expectObservable, expectSubscriptions }) => {
      const events$ = hot('500ms f 999ms f', events);
      const stats$ = statsOf(events$, counts);
      const b = stats({ finished: 1 });
      expectObservable(stats$, '     ^ 1099ms !').toBe('a 999ms b', { a: stats({}), b });
      expectObservable(stats$, '600ms ^ 999ms -!').toBe('600ms a 999ms b', { a: stats({}), b });
      expectSubscriptions(events$.subscriptions).toBe(['^ 1099ms !', '600ms ^ 999ms -!']);
    });
  });
});
