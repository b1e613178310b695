import { Subject, type Subscriber } from 'rxjs';
import { Slots } from '../../lib/async/slots.js';

type Slot = Subscriber<string>;

const problem = new Error('problem');

/** Slots for the values given, each of which is started by writing it down, and ended by hand. */
function slotsFor(concurrent: number, values: string[], start?: (value: string, slot: Slot) => unknown) {
  const started: [value: string, index: number][] = [];
  const held: { slot: Slot; release: (slot: Slot) => void }[] = [];
  const slots = new Slots<string, string>(
    concurrent,
    () => values.shift(),
    (value, slot, release, index) => {
      started.push([value, index]);
      held.push({ slot, release });
      start?.(value, slot);
    },
  );
  const log: string[] = [];
  const subscription = slots.results.subscribe({
    next: (value) => log.push(value),
    error: (error: Error) => log.push(error.message),
    complete: () => log.push('complete'),
  });
  const endFirst = () => {
    const first = held.shift();
    first?.release(first.slot);
  };
  return { slots, started, held, log, subscription, endFirst };
}

describe('Slots', () => {
  it('starts values as slots become free, and counts them', () => {
    const { slots, started, endFirst } = slotsFor(2, ['a', 'b', 'c', 'd']);
    slots.fill();
    expect(started).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
    expect([slots.running, slots.idle]).toEqual([2, false]);

    endFirst();
    expect(started.slice(2)).toEqual([['c', 2]]);
    endFirst();
    endFirst();
    expect([slots.running, slots.idle]).toEqual([1, true]);
  });

  it('opens a slot only when none is free, and uses each again and again', () => {
    const values = ['a'];
    const used = new Set<Slot>();
    const { slots, endFirst } = slotsFor(3, values, (_, slot) => used.add(slot));
    slots.fill();
    expect(used.size).toBe(1);
    endFirst();
    values.push(...Array.from({ length: 20 }, String));
    slots.fill();
    expect(used.size).toBe(3);
    for (let number = 0; number < 20; number++) endFirst();

    expect(slots.running).toBe(0);
    expect(used.size).toBe(3);
  });

  it('merges what the slots emit', () => {
    const { slots, held, log } = slotsFor(2, ['a', 'b', 'c']);
    slots.fill();
    held[1]?.slot.next('from b');
    held[0]?.slot.next('from a');

    expect(log).toEqual(['from b', 'from a']);
  });

  it('completes when it was ended, nothing is left to start, and nothing runs', () => {
    const values = ['a', 'b', 'c'];
    const { slots, log, endFirst, started } = slotsFor(2, values);
    slots.fill();
    slots.end();
    endFirst();
    endFirst();
    expect(started).toHaveLength(3);
    expect(log).toEqual([]);
    endFirst();
    expect(log).toEqual(['complete']);
  });

  it('completes at once where there is nothing', () => {
    const { slots, log } = slotsFor(2, []);
    slots.end();
    expect(log).toEqual(['complete']);
  });

  it('makes an error of what is thrown in starting, and closes the other slots', () => {
    const { slots, log, held } = slotsFor(2, ['a', 'b'], (value) => {
      if (value === 'b') throw problem;
    });
    slots.fill();

    expect(log).toEqual(['problem']);
    expect(held.map(({ slot }) => slot.closed)).toEqual([true, true]);
  });

  it('closes every slot when the results are unsubscribed from, the free ones too', () => {
    const { slots, subscription, endFirst, held } = slotsFor(2, ['a', 'b']);
    slots.fill();
    const open = held.map(({ slot }) => slot);
    endFirst();
    subscription.unsubscribe();

    expect(open.map((slot) => slot.closed)).toEqual([true, true]);
  });

  it('starts what is supplied while it starts something, and nothing twice', () => {
    const more = new Subject<void>();
    const values = ['a'];
    const { slots, started } = slotsFor(3, values, (value) => {
      if (value === 'a') more.next();
    });
    more.subscribe(() => {
      values.push('b');
      expect(slots.idle).toBe(false);
      slots.fill();
      expect(started).toHaveLength(1);
    });
    slots.fill();

    expect(started.map(([value]) => value)).toEqual(['a', 'b']);
  });

  it('opens more slots when it grows, none anew when it shrinks, and merges what all of them emit', () => {
    const values = Array.from({ length: 20 }, String);
    const used = new Set<Slot>();
    const { slots, held, log, endFirst } = slotsFor(1, values, (_, slot) => used.add(slot));
    slots.fill();
    slots.resize(3);
    expect([slots.running, used.size]).toEqual([3, 3]);
    slots.resize(2);
    endFirst();
    expect(slots.running).toBe(2);
    slots.resize(3);
    expect([slots.running, used.size]).toEqual([3, 3]);
    slots.resize(4);
    expect([slots.running, used.size]).toEqual([4, 4]);

    held.forEach(({ slot }, index) => slot.next(`from ${index}`));
    expect(log).toEqual(['from 0', 'from 1', 'from 2', 'from 3']);
  });

  it('completes when it has grown, too, and then grows no more', () => {
    const { slots, log, endFirst } = slotsFor(1, ['a', 'b', 'c']);
    slots.fill();
    slots.resize(2);
    slots.end();
    for (let number = 0; number < 3; number++) endFirst();
    expect(log).toEqual(['complete']);
    slots.resize(9);
    expect(log).toEqual(['complete']);
  });
});
