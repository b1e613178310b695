/** Lets the clock of this process be off by so many ms: for programs, before they do anything else. */
export function shiftClock(by: number): void {
  const RealDate = Date;
  class ShiftedDate extends RealDate {
    constructor(...args: [] | [number]) {
      super(...(args.length === 0 ? [RealDate.now() + by] : args));
    }
    static override now(): number {
      return RealDate.now() + by;
    }
  }
  // Called without `new`, a Date is a text: nobody does that here.
  globalThis.Date = ShiftedDate as DateConstructor;
}
