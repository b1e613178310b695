import type { Strict } from '../schema/request-types.js';

/** A request that is not what its operation takes: what is wrong with it is said where it is refused. */
export class UnfitRequest extends Error {
  constructor(
    readonly action: string,
    readonly type: Strict,
    readonly request: unknown,
  ) {
    super('unfit');
  }
}
