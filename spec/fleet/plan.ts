/** What the calls of a fleet's producers are: all of it follows from the seed and the call's number. */
import { randomOf } from '../conformance/random.js';

/**
 * Reads; writes with a client token; writes without one, which must not be executed twice; what the client refuses before
 * anything is sent; what the server refuses.
 */
export const kinds = ['read', 'token', 'unsafe', 'invalid', 'refused'] as const;
export type Kind = (typeof kinds)[number];

export interface PlannedCall {
  /** What the server's ledger knows it by. */
  readonly number: number;
  readonly kind: Kind;
  /** When its caller loses interest, in ms; absent: never. */
  readonly cancelAfter: number | undefined;
}

/** Out of twenty. */
const mix: readonly Kind[] = [
  ...Array<Kind>(8).fill('read'),
  ...Array<Kind>(5).fill('token'),
  ...Array<Kind>(5).fill('unsafe'),
  'invalid',
  'refused',
];

export function planCall(number: number, seed: number): PlannedCall {
  const random = randomOf(`${seed} ${number}`);
  const kind = random.pick(mix);
  return { number, kind, cancelAfter: random.below(20) === 0 ? random.below(30) : undefined };
}
