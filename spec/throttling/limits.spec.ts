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

type AnyCall = typeof anyCall extends fc.Arbitrary<infer Call> ? Call : never;

/** Gives the names of those that were cancelled before their end. */
function play(fleet: Fleet, processes: readonly LimitedProcess[], all: readonly AnyCall[]): Set<string> {
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
    [
      'of three far from the store',
      (fleet: Fleet) => [0, 1, 2].map((i) => fleet.shared(limits, { roundTrip: 20 + 60 * i })),
    ],
  ])('%s: hold, and let each call go', (_, open) => {
    fc.assert(
      fc.property(anyCalls, (all) => {
        virtually((fleet) => {
          const processes = open(fleet);
          const cancelled = play(fleet, processes, all);
          holds(fleet);
          const started = new Set(fleet.starts.map(({ name }) => name));
          expect(all.map((_call, i) => String(i)).filter((name) => !started.has(name) && !cancelled.has(name))).toEqual(
            [],
          );
          expect(fleet.starts).toHaveLength(started.size);
          expect(processes.flatMap(({ errors, underWay }) => [...errors, underWay])).toEqual(processes.map(() => 0));
          expect(processes.flatMap((process) => process.limits.groups())).toEqual([]);
        });
      }),
      seeded(40),
    );
  });
});

const rateOf = (limit: number, more: Partial<LimitOptions> = {}): LimitOptions => ({
  by: [],
  rate: { limit, interval: 1000 },
  ...more,
});

/** Calls one after another, as many at a time as said, until the end. */
function keepCalling(fleet: Fleet, process: LimitedProcess, atOnce: number, end: number, takes = 20): void {
  let made = 0;
  const next = (): void => {
    if (fleet.now() < end) process.make(`${made++}`, { takes }).add(next);
  };
  for (let i = 0; i < atOnce; i++) next();
}

describe('Limits', () => {
  it('let nobody wait for ever who needs two that others take in turn', () => {
    const both: LimitOptions[] = [
      { by: ({ operation }) => (operation === 'Y' ? undefined : 'a'), rate: { limit: 1, interval: 100 } },
      { by: ({ operation }) => (operation === 'Z' ? undefined : 'b'), rate: { limit: 1, interval: 100 } },
    ];
    virtually((fleet) => {
      const process = fleet.local(both);
      // Both are taken, and become free at times that are apart.
      for (let i = 0; i < 40; i++) {
        fleet.at(0, () => process.make(`z${i}`, { of: { operation: 'Z' } }));
        fleet.at(50, () => process.make(`y${i}`, { of: { operation: 'Y' } }));
      }
      fleet.at(60, () => process.make('x', { of: { operation: 'X' } }));
      for (let i = 0; i < 400; i++) {
        fleet.at(70 + 50 * i, () => process.make(`zz${i}`, { of: { operation: 'Z' } }));
        fleet.at(70 + 50 * i, () => process.make(`yy${i}`, { of: { operation: 'Y' } }));
      }
      fleet.flush();
      // Those who had come before go before, and then it is its turn.
      expect(fleet.starts.find(({ name }) => name === 'x')?.at).toBeLessThanOrEqual(40 * 100 + 300);
    });
  });

  it('let others pass one who waits for something else', () => {
    const limits = [rateOf(10), { ...ofTag, concurrency: 1 }];
    virtually((fleet) => {
      const process = fleet.local(limits);
      process.make('long', { of: { options: { tag: 't' } }, takes: 5000 });
      for (let i = 0; i < 20; i++) process.make(`t${i}`, { of: { options: { tag: 't' } } });
      process.make('free');
      fleet.at(10, () => {
        expect(fleet.starts.map(({ name }) => name)).toEqual(['long', 'free']);
        process.limits.fail(new Error('enough'));
      });
      fleet.flush();
    });
  });

  it('forget keys that nobody uses', () => {
    virtually((fleet) => {
      const limits = [rateOf(5, { by: ['operation'], concurrency: 2 })];
      const processes = [fleet.local(limits), fleet.shared(limits)];
      for (const process of processes) {
        for (let i = 0; i < 500; i++) fleet.at(20 * i, () => process.make(`${i}`, { of: { operation: `O${i}` } }));
      }
      fleet.flush();
      expect(fleet.starts).toHaveLength(1000);
      // 50 begin in the time for which one counts.
      for (const {
        limits: { size },
      } of processes)
        expect(size).toBeLessThanOrEqual(128);
    });
  });
});

describe('limits that processes share', () => {
  it.each([1, 3, 10])('are used to the full by %d, in equal parts, with few questions', (count) => {
    virtually((fleet) => {
      const processes = Array.from({ length: count }, () => fleet.shared([rateOf(50)]));
      for (const process of processes) keepCalling(fleet, process, 10, 10_000);
      fleet.flush();
      expect(fleet.starts.length).toBeGreaterThanOrEqual(0.98 * 50 * 10);
      expect(fleet.busiest(1000)).toBe(50);
      expect(fleet.exchanges).toBeLessThanOrEqual(fleet.starts.length);
    });
  });

  it('are asked for once in many calls where there is room', () => {
    virtually((fleet) => {
      const process = fleet.shared([rateOf(10_000), { by: [], concurrency: 1000 }]);
      keepCalling(fleet, process, 10, 5000, 10);
      fleet.flush();
      expect(fleet.starts.length).toBeGreaterThan(4500);
      expect(fleet.exchanges / fleet.starts.length).toBeLessThan(0.05);
    });
  });

  it('hold where one process is near the store and another far from it', () => {
    virtually((fleet) => {
      const [near, far] = [2, 300].map((roundTrip) => fleet.shared([rateOf(20)], { roundTrip }));
      // What it is given first is over when it comes.
      for (let i = 0; i < 20; i++) far?.make(`far ${i}`);
      fleet.at(1100, () => near !== undefined && keepCalling(fleet, near, 20, 8000));
      fleet.flush();
      expect(fleet.busiest(1000)).toBe(20);
    });
  });

  it('go to a process that comes later, too', () => {
    virtually((fleet) => {
      const [first, second] = [fleet.shared([rateOf(20)]), fleet.shared([rateOf(20)])];
      keepCalling(fleet, first, 30, 10_000);
      const before: number[] = [];
      fleet.at(3000, () =>
        keepCalling(
          fleet,
          {
            make: (name: string, made: object) => {
              before.push(fleet.now());
              return second.make(`second ${name}`, made);
            },
          } as LimitedProcess,
          30,
          10_000,
        ),
      );
      fleet.flush();
      const seconds = fleet.starts.filter(({ name, at }) => name.startsWith('second') && at >= 4000 && at < 10_000);
      // Half of 20 in each of 6 s.
      expect(seconds.length).toBeGreaterThanOrEqual(50);
      expect(seconds.length).toBeLessThanOrEqual(70);
    });
  });

  it('give permits to those that wait, and are never more than there are', () => {
    virtually((fleet) => {
      const limits = [{ by: [], concurrency: 8 }] as const;
      const [first, second] = [fleet.shared(limits), fleet.shared(limits)];
      keepCalling(fleet, first, 20, 20_000, 50);
      const mine = new Set<string>();
      fleet.at(2000, () =>
        keepCalling(
          fleet,
          {
            make: (name: string, made: object) => {
              mine.add(`second ${name}`);
              return second.make(`second ${name}`, made);
            },
          } as LimitedProcess,
          20,
          20_000,
          50,
        ),
      );
      fleet.flush();
      expect(fleet.mostAtOnce()).toBe(8);
      const late = fleet.starts.filter(({ at }) => at >= 5000 && at < 15_000);
      const part = late.filter(({ name }) => mine.has(name)).length / late.length;
      expect(part).toBeGreaterThan(0.4);
      expect(part).toBeLessThan(0.6);
    });
  });

  it('come back from a process that has died, when its lease is over', () => {
    virtually((fleet) => {
      const limits = [{ by: [], concurrency: 2 }] as const;
      const [dead, alive] = [0, 1].map(() => fleet.shared(limits, { leaseTime: 3000 })) as [
        ReturnType<Fleet['shared']>,
        LimitedProcess,
      ];
      for (const name of ['a', 'b']) dead.make(name, { takes: 100_000 }).add(() => undefined);
      fleet.at(100, () => {
        dead.die();
        alive.make('c');
        alive.make('d');
      });
      fleet.at(2900, () => expect(fleet.starts).toHaveLength(2));
      fleet.at(4200, () => expect(fleet.starts).toHaveLength(4));
      fleet.flush();
    });
  });

  it("are not used by a process that can not renew its lease, before it is another's", () => {
    virtually((fleet) => {
      const limits = [{ by: [], concurrency: 2 }] as const;
      const cut = fleet.shared(limits, { leaseTime: 3000, whenUnavailable: 'fail' });
      cut.make('a', { takes: 2500 });
      cut.make('b', { takes: 6000 });
      fleet.at(500, () => cut.die());
      // Its leases are over at 3500 at the latest.
      fleet.at(3600, () => cut.make('late'));
      fleet.at(9000, () => expect(fleet.starts.map(({ name }) => name)).toEqual(['a', 'b']));
      fleet.at(9001, () => cut.limits.fail(new Error('enough')));
      fleet.flush();
    });
  });

  it("are each process' own while the store is away, and shared again when it is back", () => {
    virtually((fleet) => {
      const processes = [0, 1].map(() => fleet.shared([rateOf(10)]));
      fleet.away = true;
      for (const process of processes) keepCalling(fleet, process, 30, 6000);
      fleet.at(3000, () => (fleet.away = false));
      fleet.flush();
      const count = (from: number, to: number): number => fleet.starts.filter(({ at }) => at >= from && at < to).length;
      expect(count(0, 3000)).toBe(60);
      expect(count(5000, 6000)).toBeLessThanOrEqual(10);
      expect(count(5000, 6000)).toBeGreaterThanOrEqual(9);
    });
  });

  it('let nothing start while the store is away, where that is wanted', () => {
    virtually((fleet) => {
      const process = fleet.shared([rateOf(10)], { whenUnavailable: 'fail' });
      fleet.away = true;
      process.make('a');
      process.make('b');
      fleet.at(100, () => process.make('c'));
      fleet.at(1000, () => (fleet.away = false));
      fleet.at(1400, () => process.make('d'));
      fleet.at(2000, () => process.make('e'));
      fleet.flush();
      expect(process.errors.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
      expect(fleet.starts.map(({ name }) => name)).toEqual(['e']);
    });
  });
});
