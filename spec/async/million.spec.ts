import { EMPTY, of, Subject, throwError, type Observable } from 'rxjs';
import { Pool } from '../../lib/async/pool.js';
import { dispatched } from './through.js';

const million = 1_000_000;
const patience = 120_000;

/** One context for all of them: a million are a good part of what a worker may have. */
const context = dispatched();
const run = <T>(pool: Pool, call: Observable<T>): Observable<T> => pool.run(context, () => call);

describe('Pool, with a million calls that end at once', () => {
  it(
    'works off a queue of them, and lets a timer fire before it is through',
    async () => {
      const pool = new Pool(2, Infinity);
      const first = new Subject<never>();
      let told = 0;
      let toldByTimer = -1;
      run(pool, first).subscribe();
      run(pool, first).subscribe();
      const all = new Promise<void>((done) => {
        const call = of('response');
        const owner = {
          complete: () => {
            if (++told === million) done();
          },
        };
        for (let number = 1; number <= million; number++) run(pool, call).subscribe(owner);
      });
      setTimeout(() => (toldByTimer = told), 0);
      expect(told).toBe(0);
      first.complete();
      const toldAtOnce = told;
      await all;

      expect(told).toBe(million);
      expect(toldAtOnce).toBe(1000);
      expect(toldByTimer).toBeGreaterThanOrEqual(toldAtOnce);
      expect(toldByTimer).toBeLessThan(million / 2);
    },
    patience,
  );

  it(
    'works off a chain of them, each made on hearing of the end of the one before, and lets a timer fire',
    async () => {
      const pool = new Pool(1, 1);
      const failure = throwError(() => new Error('problem'));
      let told = 0;
      let toldByTimer = -1;
      setTimeout(() => (toldByTimer = told), 0);
      await new Promise<void>((done) => {
        const next = () => {
          if (++told < million) run(pool, told % 10 ? EMPTY : failure).subscribe(owner);
          else done();
        };
        const owner = { complete: next, error: next };
        next();
      });

      expect(told).toBe(million);
      expect(toldByTimer).toBeGreaterThan(0);
      expect(toldByTimer).toBeLessThan(million / 2);
    },
    patience,
  );
});
