import { from, mergeMap, of, throwError } from 'rxjs';
import { settledOutcome } from '../../lib/operators/settled-outcome.js';
import { marbles } from '../async/marbles.js';
import { itKeepsTheLaws } from './laws.js';
import { refusal } from './support.js';

const a = { ok: true, value: 'a' };
const f = { ok: false, error: expect.objectContaining({ code: 'SDK.Unexpected' }) as unknown };

describe('settledOutcome', () => {
  itKeepsTheLaws({
    operator: (source) => source.pipe(settledOutcome()),
    never: '-',
    empty: '--(f|)',
    one: '---(a|)',
    error: '--(f|)',
    synchronous: '(a|)',
    values: { a, f },
  });

  it('makes a value of an error, so that of many calls none ends the others', () => {
    marbles(({ cold, expectObservable }) => {
      const error = refusal('Forbidden.RAM');
      const calls = [cold('---a|'), cold('-#', undefined, error), cold('--a|')];
      const result = from(calls).pipe(mergeMap((call) => call.pipe(settledOutcome())));
      expectObservable(result).toBe('-f-a(a|)', { a, f: { ok: false, error } });
    });
  });

  it('tells them apart by `ok`, whatever the value is', () => {
    const seen: unknown[] = [];
    of(undefined)
      .pipe(settledOutcome())
      .subscribe(({ ok, value }) => seen.push(ok, value));
    throwError(() => 'a text')
      .pipe(settledOutcome())
      .subscribe((outcome) => seen.push(outcome.ok ? outcome.value : outcome.error.cause));
    expect(seen).toEqual([true, undefined, 'a text']);
  });
});
