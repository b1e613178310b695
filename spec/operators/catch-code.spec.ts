import { expectTypeOf } from 'expect-type';
import { defer, EMPTY, NEVER, of, throwError } from 'rxjs';
import { ConfigurationError, isServerError, TimeoutError, type ServerErrorOf } from '../../lib/errors.js';
import { catchCode } from '../../lib/operators/catch-code.js';
import { marbles } from '../async/marbles.js';
import { itKeepsTheLaws } from './laws.js';
import { refusal } from './support.js';

describe('catchCode', () => {
  itKeepsTheLaws({
    operator: (source) => source.pipe(catchCode('Throttling', () => of('caught'))),
    never: '-',
    empty: '--|',
    one: '--a|',
    error: '--#',
    synchronous: '(a|)',
  });

  it.each([
    ['Throttling', 'Throttling', true],
    ['Throttling', 'Throttling.User', true],
    ['InvalidInstanceId', 'InvalidInstanceId.NotFound', true],
    ['Throttling', 'ThrottlingUser', false],
    ['Throttling.User', 'Throttling', false],
    ['Throttling.User', 'Throttling.User.Api', true],
  ])('of %s, %s: %s', (code, thrown, isCaught) => {
    marbles(({ cold, expectObservable }) => {
      const error = refusal(thrown);
      const result = cold('-#', undefined, error).pipe(catchCode(code, () => of('c')));
      expectObservable(result).toBe(isCaught ? '-(c|)' : '-#', undefined, error);
    });
  });

  it('catches any of several codes, and those of the SDK', () => {
    marbles(({ expectObservable }) => {
      const timeout = new TimeoutError({ phase: 'read', timeout: 10 });
      const either = catchCode(['Forbidden', 'SDK.Timeout'], (error) => of(error.code));
      expectObservable(throwError(() => timeout).pipe(either)).toBe('(t|)', { t: 'SDK.Timeout' });
      expectObservable(throwError(() => refusal('Forbidden.RAM')).pipe(either)).toBe('(f|)', { f: 'Forbidden.RAM' });
    });
  });

  it('gives the error, and the source for another try', () => {
    marbles(({ expectObservable }) => {
      let made = 0;
      const seen: string[] = [];
      const call = defer(() =>
        made++ === 0 ? throwError(() => refusal('Throttling.User', { requestId: '7' })) : of('a'),
      );
      const result = call.pipe(catchCode('Throttling', (error, caught) => (seen.push(error.requestId ?? ''), caught)));
      expectObservable(result).toBe('(a|)');
      result.subscribe();
      expect(seen).toEqual(['7']);
    });
  });

  it('ends in what its selector throws', () => {
    marbles(({ expectObservable }) => {
      const thrown = new Error('thrown');
      const thrower = () => {
        throw thrown;
      };
      const result = throwError(() => refusal('Throttling')).pipe(catchCode('Throttling', thrower));
      expectObservable(result).toBe('#', undefined, thrown);
    });
  });

  it('types the error by its code', () => {
    of(1).pipe(
      catchCode('SDK.Timeout', (error) => {
        expectTypeOf(error.phase).toEqualTypeOf<TimeoutError['phase']>();
        return EMPTY;
      }),
      catchCode('Throttling', (error) => {
        expectTypeOf(error).toEqualTypeOf<ServerErrorOf<'Throttling'>>();
        expectTypeOf(error.code).toEqualTypeOf<'Throttling' | `Throttling.${string}`>();
        return ['none'];
      }),
    );
    const error: unknown = refusal('Throttling.User');
    if (isServerError(error, 'Throttling'))
      expectTypeOf(error.code).toEqualTypeOf<'Throttling' | `Throttling.${string}`>();
    expect([isServerError(error, 'Throttling'), isServerError(error, 'Throttl')]).toEqual([true, false]);
  });

  it.each([[''], [[]], [7]])('throws at once where the code is %j', (code) => {
    expect(() => NEVER.pipe(catchCode(code as string, () => EMPTY))).toThrow(ConfigurationError);
  });
});
