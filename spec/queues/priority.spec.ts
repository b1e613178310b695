import fc from 'fast-check';
import { fair, priority } from '../../lib/queues/index.js';
import type { TaskQueue } from '../../lib/queues/discipline.js';
import type { Queued } from '../../lib/queues/waiting-list.js';
import { seeded } from '../async/seeded.js';
import { answerAll, keyOf, numberOf, poolWith } from './through-pool.js';

describe('priority', () => {
  it('starts the highest first, and those of one priority in the order in which they came', () => {
    const desk = poolWith(1, 100, priority(numberOf));
    for (const name of ['x', 'a1', 'b2', 'c1', 'd3', 'e2']) desk.call(name);
    answerAll(desk);

    expect(desk.started).toEqual(['x', 'd3', 'b2', 'e2', 'a1', 'c1']);
  });

  it('starts what comes later first, where it is higher, and never interrupts what runs', () => {
    const desk = poolWith(1, 100, priority(numberOf));
    desk.call('a1');
    desk.call('b1');
    desk.call('c9');
    expect(desk.started).toEqual(['a1']);
    desk.answer('a1');
    desk.call('d9');
    answerAll(desk);

    expect(desk.started).toEqual(['a1', 'c9', 'd9', 'b1']);
  });

  it('is fair within each priority', () => {
    const desk = poolWith(1, 100, priority(numberOf, { within: fair(keyOf) }));
    for (const name of ['x', 'a1', 'a1', 'b1', 'a2']) desk.call(name);
    answerAll(desk);

    expect(desk.started).toEqual(['x', 'a2', 'a1', 'b1', 'a1']);
  });

  it('goes on to lower ones where the highest may not start, and comes back', () => {
    const desk = poolWith(2, 100, priority(numberOf, { within: fair(keyOf, { limit: 1 }) }));
    for (const name of ['a2', 'a3', 'b1']) desk.call(name);
    for (const name of ['a3 later', 'a3 last']) desk.call(name);
    expect(desk.started).toEqual(['a2', 'a3']);
    desk.answer('a2');
    expect(desk.started.slice(2)).toEqual(['b1']);
    desk.answer('a3');

    expect(desk.started.slice(3)).toEqual(['a3 later']);
  });

  it.each([NaN, '1', undefined])('ends a call in an error where its priority is %s', (number) => {
    const desk = poolWith(
      1,
      10,
      priority(() => number as number),
    );
    desk.call('a');
    expect(desk.told).toEqual(['a: SDK.InvalidConfiguration']);
    expect(desk.pool.isEmpty).toBe(true);
  });

  it('takes any number: negative ones, fractions and infinities', () => {
    const order = priorityOf();
    for (const number of [0, -1, Infinity, 0.5, -Infinity]) order.push(taskOf(number));
    expect(drained(order)).toEqual([Infinity, 0.5, 0, -1, -Infinity]);
  });

  it('does what sorting would do', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ push: fc.nat({ max: 9 }) }) },
      { weight: 2, arbitrary: fc.constant('shift' as const) },
      { weight: 1, arbitrary: fc.record({ remove: fc.nat({ max: 20 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const order = priorityOf();
        const sorted: Queued<number>[] = [];
        for (const each of steps) {
          if (each === 'shift') {
            expect(order.shift()).toBe(sorted.shift());
          } else if ('push' in each) {
            const task = taskOf(each.push);
            order.push(task);
            const index = sorted.findIndex(({ value }) => value < each.push);
            sorted.splice(index < 0 ? sorted.length : index, 0, task);
          } else {
            const task = sorted[each.remove] ?? taskOf(0);
            expect(order.remove(task)).toBe(sorted.includes(task));
            if (sorted.includes(task)) sorted.splice(sorted.indexOf(task), 1);
          }
          expect(order.size).toBe(sorted.length);
        }
        for (const task of sorted) expect(order.shift()).toBe(task);
        expect(order.shift()).toBeUndefined();
      }),
      seeded(300),
    );
  });

  it('keeps nothing of priorities whose calls were cancelled, however many and whoever holds the slots', () => {
    const order = priorityOf();
    const levels = (order as unknown as { levels: Map<number, unknown> }).levels;
    for (let number = 0; number < 10_000; number++) {
      const task = taskOf(number);
      order.push(task);
      order.remove(task);
    }
    expect(levels.size).toBeLessThanOrEqual(65);
  });
});

function priorityOf(): TaskQueue<number> {
  return priority((number: number) => number).make(() => undefined);
}

function taskOf(value: number): Queued<number> {
  return { value, list: undefined, before: undefined, after: undefined };
}

function drained(order: TaskQueue<number>): unknown[] {
  const found: unknown[] = [];
  for (let task; (task = order.shift());) found.push(task.value);
  return found;
}
