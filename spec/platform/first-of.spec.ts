import { TestScheduler } from 'rxjs/testing';
import { firstOf } from '../../lib/platform/node/first-of.js';

/** A frame is a millisecond. */
function virtually(spec: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0]) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(spec);
}

describe('firstOf', () => {
  it.each<[what: string, attempts: string[], expected: string, subscriptions: string[]]>([
    ['one', ['300ms a'], '300ms (a|)', ['^ 299ms !']],
    ['one that fails', ['300ms #'], '300ms #', ['^ 299ms !']],
    ['a first that is slow', ['4s a', '-'], '4s (a|)', ['^ 3999ms !', '250ms ^ 3749ms !']],
    ['a first that never answers', ['-', '10ms b'], '260ms (b|)', ['^ 259ms !', '250ms ^ 9ms !']],
    ['a first that fails at once', ['#', '10ms b'], '10ms (b|)', ['(^!)', '^ 9ms !']],
    ['a first that fails early', ['20ms #', '10ms b'], '30ms (b|)', ['^ 19ms !', '20ms ^ 9ms !']],
    ['a first that fails late', ['400ms #', '500ms b'], '750ms (b|)', ['^ 399ms !', '250ms ^ 499ms !']],
    ['all slow', ['2s a', '2s b', '2s c'], '2s (a|)', ['^ 1999ms !', '250ms ^ 1749ms !', '500ms ^ 1499ms !']],
    ['others that fail', ['2s a', '#', '#'], '2s (a|)', ['^ 1999ms !', '250ms (^!)', '250ms (^!)']],
    ['a last that fails before the others do', ['300ms #', '10ms #'], '300ms #', ['^ 299ms !', '250ms ^ 9ms !']],
  ])('of %s', (_what, attempts, expected, subscriptions) => {
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const each = attempts.map((marbles) => cold(marbles));
      expectObservable(firstOf(each, 250)).toBe(expected);
      each.forEach(({ subscriptions: made }, i) => expectSubscriptions(made).toBe(subscriptions[i] ?? ''));
    });
  });

  it('ends all of them when it is unsubscribed from', () => {
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const each = [cold('-'), cold('-')];
      expectObservable(firstOf(each, 250), '300ms !').toBe('-');
      each.forEach(({ subscriptions }, i) =>
        expectSubscriptions(subscriptions).toBe(['^ 299ms !', '250ms ^ 49ms !'][i] ?? ''),
      );
    });
  });
});
