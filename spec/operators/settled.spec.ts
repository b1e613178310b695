import { NEVER, of, throwError, timer } from 'rxjs';
import { ConfigurationError, isClientError, type NotSettledError } from '../../lib/errors.js';
import { settled } from '../../lib/operators/settled.js';
import { marbles } from '../async/marbles.js';
import { itKeepsTheLaws, problem } from './laws.js';

describe('settled', () => {
  itKeepsTheLaws({
    operator: (source) => settled(source, () => timer(5)),
    never: '-',
    empty: '--|',
    one: '-------(a|)',
    error: '--#',
    synchronous: '-----(a|)',
  });

  it('emits the response when the wait is over, and nothing of what the wait emits', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const wait = cold('--x--y--|');
      const result = settled(cold('-a|'), () => wait);
      expectObservable(result).toBe('---------(a|)');
      expectSubscriptions(wait.subscriptions).toBe('-^-------!');
    });
  });

  it('gives the response to the wait, which may be anything that RxJS takes', () => {
    const seen: string[] = [];
    settled(of('a'), (response) => [seen.push(`wait ${response}`)]).subscribe((response) => seen.push(response));
    expect(seen).toEqual(['wait a', 'a']);
  });

  it('does not lose the response where the wait fails', () => {
    let error: NotSettledError | undefined;
    settled(of({ InstanceId: 'i-1' }), () => throwError(() => problem)).subscribe({
      error: (e: NotSettledError) => (error = e),
    });
    expect(isClientError(error, 'SDK.NotSettled')).toBe(true);
    expect([error?.response, error?.cause]).toEqual([{ InstanceId: 'i-1' }, problem]);
    expect(error?.message).toBe('The call was executed, but: problem');
    expect(JSON.stringify(error)).not.toContain('i-1');
  });

  it('makes the same of a wait that throws', () => {
    let error: unknown;
    const thrower = () => {
      throw problem;
    };
    settled(of('a'), thrower).subscribe({ error: (e: unknown) => (error = e) });
    expect(error).toMatchObject({ code: 'SDK.NotSettled', cause: problem });
  });

  it('ends the wait when it is unsubscribed from', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const wait = cold('------|');
      expectObservable(
        settled(of('a'), () => wait),
        '---!',
      ).toBe('-');
      expectSubscriptions(wait.subscriptions).toBe('^--!');
    });
  });

  it('throws at once where the wait is no function', () => {
    expect(() => settled(NEVER, NEVER as never)).toThrow(ConfigurationError);
  });

  it('refuses at once what is no Observable', () => {
    const none = undefined as never;
    expect(() => settled(none, () => NEVER)).toThrow('Expected `call` to be an Observable, got nothing');
  });
});
