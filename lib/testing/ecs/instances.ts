/** The instances of the emulated ECS. No timer moves them: what an instance is doing follows from the time. */
import { apiError } from '../api-error.js';

export type Status = 'Pending' | 'Starting' | 'Running' | 'Stopping' | 'Stopped';

/** What an instance is made of, and stays. */
export interface Blueprint {
  readonly regionId: string;
  readonly zoneId: string;
  readonly name: string;
  readonly hostName: string;
  readonly type: string;
  readonly imageId: string;
}

export interface Instance extends Blueprint {
  readonly id: string;
  /** Grows from one instance to the next: their order, and what a page token refers to. */
  readonly number: number;
  /** In ms. */
  readonly createdAt: number;
  /** When it last began to run, in ms. */
  readonly startedAt: number;
  /** What it is now, until `until`, in ms. */
  readonly status: Status;
  readonly until: number;
  /** What it is from then on. */
  readonly settled: Status;
}

export interface Instances {
  create(blueprint: Blueprint, settled: Status, now: number): Instance;
  /** Throws `InvalidInstanceId.NotFound`. */
  get(id: string): Instance;
  /** In the order in which they were made. */
  list(regionId: string): readonly Instance[];
  /** Lets an instance do `status` for the boot time, and then be `settled`. */
  move(instance: Instance, status: Status, settled: Status, now: number): void;
  delete(instance: Instance): void;
  /** In the order in which they were made. */
  all(): readonly Instance[];
  /** Puts these in their place. */
  putBack(instances: readonly Instance[]): void;
}

export function createInstances(newId: () => string, bootTime: number): Instances {
  const byId = new Map<string, Instance>();
  const byRegion = new Map<string, Map<string, Instance>>();
  // Pages of a long list are asked for one after another, and nothing happens in between.
  const lists = new Map<string, readonly Instance[]>();
  let last = 0;

  function put(instance: Instance): Instance {
    byId.set(instance.id, instance);
    let region = byRegion.get(instance.regionId);
    if (region === undefined) byRegion.set(instance.regionId, (region = new Map<string, Instance>()));
    region.set(instance.id, instance);
    lists.delete(instance.regionId);
    return instance;
  }

  return {
    create(blueprint, settled, now) {
      const times = { createdAt: now, startedAt: now + bootTime, until: now + bootTime };
      return put({ ...blueprint, ...times, id: newId(), number: ++last, status: 'Pending', settled });
    },
    get(id) {
      const instance = byId.get(id);
      if (instance === undefined) {
        throw apiError(404, 'InvalidInstanceId.NotFound', `The specified InstanceId does not exist: ${id}.`);
      }
      return instance;
    },
    list(regionId) {
      const list = lists.get(regionId) ?? [...(byRegion.get(regionId)?.values() ?? [])];
      lists.set(regionId, list);
      return list;
    },
    move(instance, status, settled, now) {
      const until = now + bootTime;
      put({ ...instance, status, settled, until, startedAt: settled === 'Running' ? until : instance.startedAt });
    },
    delete(instance) {
      byId.delete(instance.id);
      byRegion.get(instance.regionId)?.delete(instance.id);
      lists.delete(instance.regionId);
    },
    all: () => [...byId.values()],
    putBack(instances) {
      byId.clear();
      byRegion.clear();
      lists.clear();
      last = instances.reduce((highest, { number }) => Math.max(highest, number), 0);
      instances.forEach(put);
    },
  };
}

export function statusOf(instance: Instance, now: number): Status {
  return now < instance.until ? instance.status : instance.settled;
}
