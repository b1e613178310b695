import { TestScheduler, type RunHelpers } from 'rxjs/testing';

/** Runs a spec in virtual time: one frame of a diagram is a millisecond. */
export function marbles(spec: (helpers: RunHelpers) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(spec);
}
