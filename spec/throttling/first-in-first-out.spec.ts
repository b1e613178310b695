import fc from 'fast-check';
import { FirstInFirstOut } from '../../lib/throttling/first-in-first-out.js';

describe('FirstInFirstOut', () => {
  it('does what an array would do', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('push' as const) },
      { weight: 2, arbitrary: fc.constant('shift' as const) },
      fc.nat(10).map((index) => ({ index })),
      fc.constant('odd' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new FirstInFirstOut<number>();
        let array: number[] = [];
        let next = 0;
        for (const step of steps) {
          if (step === 'push') {
            queue.push(next);
            array.push(next++);
          } else if (step === 'shift') {
            expect(queue.shift()).toBe(array.shift());
          } else if (step === 'odd') {
            expect(queue.takeWhere((n) => n % 2 === 1)).toEqual(array.filter((n) => n % 2 === 1));
            array = array.filter((n) => n % 2 === 0);
          } else {
            const member = array[step.index] ?? -1;
            expect(queue.remove(member)).toBe(member !== -1);
            array = array.filter((n) => n !== member);
          }
          expect(queue.size).toBe(array.length);
        }
        for (const member of array) expect(queue.shift()).toBe(member);
        expect(queue.shift()).toBeUndefined();
      }),
    );
  });
});
