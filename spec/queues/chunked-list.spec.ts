import fc from 'fast-check';
import { ChunkedList } from '../../lib/queues/chunked-list.js';
import { leave, WaitingValue } from '../../lib/queues/waiting-list.js';

type Value = WaitingValue<number>;

const valuesOf = (list: ChunkedList<Value>): number[] => {
  const values: number[] = [];
  for (let each; (each = list.shift());) values.push(each.value);
  return values;
};

const listOf = (length: number): { list: ChunkedList<Value>; places: Value[] } => {
  const list = new ChunkedList<Value>();
  const places = Array.from({ length }, (_, value) => new WaitingValue(value));
  places.forEach((place) => list.push(place));
  return { list, places };
};

describe('ChunkedList', () => {
  it.each([0, 1, 2, 1024, 1025, 5000])('is first in, first out: %i', (length) => {
    const { list, places } = listOf(length);
    expect(list.size).toBe(length);
    expect(valuesOf(list)).toEqual(places.map(({ value }) => value));
    expect(list.size).toBe(0);
    expect(list.shift()).toBeUndefined();
  });

  it('lets all of the first, the middle and the last thousands leave, in any order, and goes on', () => {
    for (const leaving of [
      [0, 1024],
      [1024, 2048],
      [2048, 3000],
      [0, 3000],
    ] as const) {
      const { list, places } = listOf(3000);
      const left = places.slice(...leaving);
      expect(left.reverse().map(leave)).toEqual(left.map(() => true));
      expect(left.map(leave)).toEqual(left.map(() => false));
      expect(list.size).toBe(3000 - left.length);
      const next = new WaitingValue(3000);
      list.push(next);
      const stayed = places.filter((place) => !left.includes(place));
      expect(valuesOf(list)).toEqual([...stayed, next].map(({ value }) => value));
    }
  });

  it('forgets all when it is cleared', () => {
    const { list, places } = listOf(2000);
    list.clear();
    expect(list.size).toBe(0);
    expect(places.some(leave)).toBe(false);
  });

  it('is what an array is, however values come and leave', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ push: fc.integer({ min: 1, max: 1500 }) }),
        fc.record({ shift: fc.integer({ min: 1, max: 1500 }) }),
        fc.record({ leave: fc.array(fc.nat(), { maxLength: 20 }) }),
      ),
      { maxLength: 12 },
    );
    const property = fc.property(steps, (taken) => {
      const list = new ChunkedList<Value>();
      const model: Value[] = [];
      let made = 0;
      for (const step of taken) {
        if ('push' in step) {
          for (let i = 0; i < step.push; i++) {
            const place = new WaitingValue(made++);
            model.push(place);
            list.push(place);
          }
        } else if ('shift' in step) {
          const expected = model.splice(0, step.shift);
          const shifted = Array.from({ length: step.shift }, () => list.shift());
          expect(shifted.slice(0, expected.length)).toEqual(expected);
          expect(shifted.slice(expected.length).every((each) => each === undefined)).toBe(true);
        } else {
          for (const at of step.leave) {
            const [place] = model.length === 0 ? [] : model.splice(at % model.length, 1);
            if (place) expect(leave(place)).toBe(true);
          }
        }
        expect(list.size).toBe(model.length);
      }
      expect(valuesOf(list)).toEqual(model.map(({ value }) => value));
    });
    fc.assert(property, { numRuns: 50 });
  });

  it('keeps no more than one array for what has left', () => {
    const { list, places } = listOf(10_000);
    places.slice(1).forEach(leave);
    expect(arraysOf(list)).toBeLessThanOrEqual(2);
    leave(places[0]!);
    expect(arraysOf(list)).toBeLessThanOrEqual(1);
  });
});

/** How many arrays it holds. */
function arraysOf(list: object): number {
  let arrays = 0;
  const { oldest } = list as { oldest: { after: unknown } | undefined };
  for (let chunk = oldest; chunk !== undefined; chunk = chunk.after as typeof oldest) arrays++;
  return arrays;
}
