/**
 * A call that somebody makes in a place of a queue that others want, too: rather than wait in it for long, the call ends in the
 * error that it would have waited out, which says for how long, and is made again later. Known inside of this package alone.
 */
import type { AlicloudError } from '../errors.js';

export interface GiveBack {
  /** The longest wait for a throttle or a limit that the call makes itself, in milliseconds, > 0. */
  readonly longestHold: number;
  /** The same before any other repetition. */
  readonly longestPause: number;
  /** How often the call was sent before. */
  readonly attempts: number;
}

const option = Symbol.for('rx-alicloud.give-back');
const wait = Symbol.for('rx-alicloud.given-back');

/** As an option of a call: interceptors that spread its options keep it. */
export function givingBack(giveBack: GiveBack): object {
  return { [option]: giveBack };
}

export function giveBackOf(options: object | undefined): GiveBack | undefined {
  return (options as { readonly [option]?: GiveBack } | undefined)?.[option];
}

/** To be spread into options that are made of others. */
export function keepingGiveBack(options: object): object {
  const giveBack = giveBackOf(options);
  return giveBack === undefined ? {} : givingBack(giveBack);
}

/** Says of an error that the call would have been repeated after so many milliseconds. It shows in no log and no JSON. */
export function markGivenBack(error: AlicloudError, milliseconds: number): void {
  Object.defineProperty(error, wait, { value: milliseconds, configurable: true });
}

/** How long the call would have waited before it went on, in milliseconds; `undefined`: the error is what it ends in. */
export function givenBackFor(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null ? (error as { readonly [wait]?: number })[wait] : undefined;
}
