/** What a storm's calls are, and what happens to the clocks in between: all of it follows from the seed. */
import { randomOf } from '../../conformance/random.js';

/** `newer` and `older` are in the async mode, and sign as they are called; so is `roled`, with an instance's role; `direct` is not. */
export const clientNames = ['newer', 'older', 'roled', 'direct'] as const;
export type ClientName = (typeof clientNames)[number];

/** Reads; writes with a client token; writes without one, which nobody may repeat on a guess. */
export const kinds = {
  describeRegions: 'read',
  describeInstances: 'read',
  runInstances: 'token',
  createDisk: 'token',
  createKeyPair: 'unsafe',
  tagResources: 'unsafe',
} as const;
export type Kind = keyof typeof kinds;

/**
 * What callers, servers and networks do beyond failing. A caller's: it throws from a teardown, calls again from within its
 * own end, leaves from within an event, or has an async context of its own. A server's: hints on answers of every status,
 * waits that nobody has the time for, and connections closed behind an answer; a metadata service that fails now and then. A
 * network's: a host with several addresses, of which most refuse.
 */
export const troubles = [
  'throwingTeardown',
  'reentrantCall',
  'reentrantCancel',
  'asyncContext',
  'hints',
  'hugeWaits',
  'closes',
  'metadata',
  'addresses',
] as const;
export type Trouble = (typeof troubles)[number];

/** `hints,closes`, `all` or `none`. */
export function troublesNamed(names = 'all'): readonly Trouble[] {
  if (names === 'all') return troubles;
  if (names === 'none') return [];
  return names.split(',').map((name) => {
    const known = troubles.find((trouble) => trouble === name);
    if (known === undefined) throw new Error(`Expected troubles out of ${troubles.join()}, got ${name}`);
    return known;
  });
}

const callersTroubles = ['throwingTeardown', 'reentrantCall', 'reentrantCancel', 'asyncContext'] as const;

export interface PlannedCall {
  /** From 0 on; what the server's ledger knows it by. */
  readonly number: number;
  readonly client: ClientName;
  readonly kind: Kind;
  readonly way: 'observable' | 'channels' | 'callback';
  /** The caller's own client token, where the kind has one; else the client fills it in. */
  readonly clientToken: string | undefined;
  /** When its caller loses interest, in ms; 0: at once. */
  readonly cancelAfter: number | undefined;
  /** In ms; 0: none. */
  readonly deadline: number;
  /** How long it waits for a sign of life, in ms. Of most it is longer than any storm: those wait until they are answered. */
  readonly readTimeout: number;
  /** What its caller does beside. */
  readonly trouble: (typeof callersTroubles)[number] | undefined;
}

/** What befalls everybody when the call with this number begins. */
export interface Turn {
  /** How far the clients' clock is off from now on, in ms. */
  readonly clientClock?: number;
  /** How far the server's clock goes ahead, in ms: beyond the life of temporary credentials. */
  readonly serverClock?: number;
  /** A client of the async mode that is shut down at once, and turned on again. */
  readonly abort?: ClientName;
}

export interface Plan {
  readonly calls: readonly PlannedCall[];
  readonly turns: ReadonlyMap<number, Turn>;
}

const hour = 3_600_000;

/** What is late is late by more than that, in ms. On a busy machine every call that is as impatient may time out. */
export const impatience = 100;

export function planOf(seed: number, count: number, enabled: readonly Trouble[]): Plan {
  const ofCallers = callersTroubles.filter((trouble) => enabled.includes(trouble));
  const random = randomOf(`storm ${seed}`);
  const isOneOf = (n: number): boolean => random.below(n) === 0;
  const kindNames = Object.keys(kinds) as Kind[];
  const calls = Array.from({ length: count }, (_, number): PlannedCall => {
    const client = random.pick(['newer', 'newer', 'older', 'older', 'roled', 'direct', 'direct'] as const);
    const kind = random.pick(kindNames);
    const way = client === 'direct' ? 'observable' : random.pick(['observable', 'channels', 'callback'] as const);
    return {
      number,
      client,
      kind,
      way,
      clientToken: kinds[kind] === 'token' && isOneOf(2) ? `own-${number}` : undefined,
      // Only an Observable can be unsubscribed from.
      cancelAfter: way === 'observable' && isOneOf(5) ? random.below(60) : undefined,
      deadline: isOneOf(30) ? 1 + random.below(200) : 0,
      readTimeout: isOneOf(20) ? impatience : hour,
      trouble: way === 'observable' && ofCallers.length > 0 && isOneOf(4) ? random.pick(ofCallers) : undefined,
    };
  });

  const turns = new Map<number, Turn>();
  // So many, and so placed, that each sort comes to a short storm, too.
  const spacing = Math.max(75, Math.floor(count / 24));
  for (let number = spacing, i = 0; number < count; number += spacing, i++) {
    if (i % 4 === 1) turns.set(number, { serverClock: (1 + random.below(3)) * hour });
    else if (i % 4 === 3) turns.set(number, { abort: random.pick(['newer', 'older'] as const) });
    else turns.set(number, { clientClock: (random.below(13) - 6) * hour });
  }
  return { calls, turns };
}
