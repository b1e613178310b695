import { TestScheduler } from 'rxjs/testing';
import { pause } from '../../lib/retry/pause.js';

const longest = 2 ** 31 - 1;

describe('pause', () => {
  it.each([0, 1, 500, longest, longest + 1, 3 * longest + 7])('is over after %i ms', (wait) => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ expectObservable }) => {
      expectObservable(pause(wait)).toBe(`${wait}ms (a|)`, { a: 0 });
    });
  });

  it('does not end at once where it is too long for a timer, and takes its timer away', () => {
    jest.useFakeTimers();
    try {
      let over = false;
      const subscription = pause(Infinity).subscribe(() => (over = true));
      jest.advanceTimersByTime(3 * longest);
      expect([over, jest.getTimerCount()]).toEqual([false, 1]);
      subscription.unsubscribe();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
