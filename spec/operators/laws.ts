/** What holds for every operator, whatever else it does. Each operator's spec says what comes of the simplest sources. */
import { NEVER, of, Subscription, type Observable } from 'rxjs';
import { marbles } from '../async/marbles.js';

export interface Laws {
  /** The operator, over a source. */
  readonly operator: (source: Observable<string>) => Observable<unknown>;
  /** What comes of `NEVER` in the first 50 ms, as marbles. */
  readonly never: string;
  /** Of `--|`. */
  readonly empty: string;
  /** Of `--a|`. */
  readonly one: string;
  /** Of `--#`. */
  readonly error: string;
  /** Of `of('a')`. */
  readonly synchronous: string;
  /** What the marbles stand for. @default themselves */
  readonly values?: Readonly<Record<string, unknown>>;
}

export const problem = new Error('problem');

const fiftyMs = '^ 49ms !';

export function itKeepsTheLaws({ operator, never, empty, one, error, synchronous, values = {} }: Laws): void {
  // Marbles without a value stand for themselves.
  const known = new Proxy(values, { get: (all, name: string) => (name in all ? all[name] : name) });

  describe('the laws of operators', () => {
    it('never', () => {
      marbles(({ expectObservable }) => {
        expectObservable(operator(NEVER), fiftyMs).toBe(never, known);
      });
    });

    it('empty', () => {
      marbles(({ cold, expectObservable }) => {
        expectObservable(operator(cold('--|')), fiftyMs).toBe(empty, known);
      });
    });

    it('one', () => {
      marbles(({ cold, expectObservable }) => {
        expectObservable(operator(cold('--a|')), fiftyMs).toBe(one, known);
      });
    });

    it('error', () => {
      marbles(({ cold, expectObservable }) => {
        expectObservable(operator(cold('--#', undefined, problem)), fiftyMs).toBe(error, known, problem);
      });
    });

    it('synchronous', () => {
      marbles(({ expectObservable }) => {
        expectObservable(operator(of('a')), fiftyMs).toBe(synchronous, known);
      });
    });

    it('early unsubscribe: lets go of the source at once, and starts nothing any more', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('--a|');
        expectObservable(operator(source), '^!').toBe('-');
        expectSubscriptions(source.subscriptions).toBe('^!');
      });
    });

    it('re-entrant: can be subscribed to again, and unsubscribed from, within its own emission', () => {
      marbles(({ flush }) => {
        const seen: unknown[] = [];
        const result = operator(of('a'));
        const both = new Subscription();
        both.add(
          result.subscribe((first) => {
            if (seen.length > 0) return;
            seen.push(first);
            both.add(result.subscribe((again) => (seen.push(again), both.unsubscribe())));
          }),
        );
        flush();
        expect(seen).toHaveLength(2);
        expect(seen[1]).toEqual(seen[0]);
      });
    });

    it('reused: each subscription is on its own, at the same time and later', () => {
      marbles(({ cold, expectObservable }) => {
        const result = operator(cold('--a|'));
        expectObservable(result, fiftyMs).toBe(one, known);
        expectObservable(result, fiftyMs).toBe(one, known);
        expectObservable(result, '60ms ^ 49ms !').toBe(`60ms ${one}`, known);
      });
    });
  });
}
