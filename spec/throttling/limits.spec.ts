/** Whatever calls come: limits are held, in one process and in many, nobody waits where there is room, and nothing is left over. */
import fc from 'fast-check';
import type { LimitOptions } from '../../lib/throttling/limit-options.js';
import { seeded } from '../async/seeded.js';
import { virtually, type Fleet, type LimitedProcess } from './limits-support.js';

const ofOperation: LimitOptions = { by: ['operation'], rate: { limit: 5, interval: 1000 }, concurrency: 3 };
const ofProduct: LimitOptions = { by: ['product'], rate: { limit: 8, interval: 1000 } };
const ofTag: LimitOptions = {
  by: ({ options }) => options?.tag as string | undefined,
  concurrency: 2,
};
const limits = [ofOperation, ofProduct, ofTag];

const anyCall = fc.record({
  at: fc.nat(3000),
  takes: fc.nat(400),
  operation: fc.constantFrom('A', 'B'),
  tag: fc.option(fc.constantFrom('t', 'u'), { nil: undefined, freq: 2 }),
  process: fc.nat(2),
  cancelledAfter: fc.option(fc.nat(800), { freq: 4, nil: undefined }),
});

const anyCalls = fc.array(anyCall, { minLength: 1, maxLength: 60 });

function holds(fleet: Fleet): void {
  for (const operation of ['A', 'B']) {
    const isOfIt = ({ of }: { readonly of: { readonly operation: string } }): boolean => of.operation === operation;
    expect(fleet.busiest(1000, isOfIt)).toBeLessThanOrEqual(5);
    expect(fleet.mostAtOnce(isOfIt)).toBeLessThanOrEqual(3);
  }
  expect(fleet.busiest(1000)).toBeLessThanOrEqual(8);
  for (const tag of ['t', 'u']) expect(fleet.mostAtOnce(({ of }) => of.options?.tag === tag)).toBeLessThanOrEqual(2);
}

function play(fleet: Fleet, processes: readonly LimitedProcess[], all: readonly fc.RandomType[] | readonly any[]): Set<string> {
  const cancelled = new Set<string>();
  all.forEach(({ at, takes, operation, tag, process, cancelledAfter }, i) => {
    const name = String(i);
    fleet.at(at, () => {
      const made = processes[process % processes.length]?.make(name, { takes, of: { operation, options: { tag } } });
      if (cancelledAfter === undefined) return;
      fleet.at(cancelledAfter, () => {
        if (made?.closed === false) cancelled.add(name);
        made?.unsubscribe();
      });
    });
  });
  fleet.flush();
  return cancelled;
}

describe('Limits, with any calls', () => {
  it.each([
    ['of one process', (fleet: Fleet) => [fleet.local(limits)]],
    ['of three that share them', (fleet: Fleet) => [0, 1, 2].map(() => fleet.shared(limits))],
    ['of three far from the store', (fleet: Fleet) => [0, 1, 2].map((i) => fleet.shared(limits, { roundTrip: 20 + 60 * i }))],
  ])('%s: hold, and let each call go', (_, open) => {
    fc.assert(
      fc.property(anyCalls, (all) => {
        virtually((fleet) => {
          const processes = open(fleet);
          const cancelled = play(fleet, processes, all);
          holds(fleet);
          const started = new Set(fleet.starts.map(({ name }) => name));
          expect(all.map((_call, i) => String(i)).filter((name) => !started.has(name) && !cancelled.has(name))).toEqual([]);
          expect(fleet.starts).toHaveLength(started.size);
          expect(processes.flatMap(({ errors, underWay }) => [...errors, underWay])).toEqual(processes.map(() => 0));
          expect(processes.flatMap((process) => process.limits.groups())).toEqual([]);
        });
      }),
      seeded(100),
    );
  });
});
