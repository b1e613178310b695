/** Lets the clock of this process be off by so many ms: for programs, before they do anything else. */
export function shiftClock(by: number): void {
  const RealDate = Date;
  class ShiftedDate extends RealDate {
    constructor(value?: number | string) {
      super(value ?? RealDate.now() + by);
    }
    static override now(): number {
      return RealDate.now() + by;
    }
  }
  // Called without `new`, or with year and month, nobody does it here.
  globalThis.Date = ShiftedDate as DateConstructor;
}
