/** How fast an answer is read that comes in pieces: by all who read it, and no faster than the slowest. */
import { filter, firstValueFrom, Subject } from 'rxjs';

export class Pace {
  private readonly slow = new Set<object>();
  private readonly caughtUp$ = new Subject<void>();

  /** `undefined` where all readers take more; else a promise of that. */
  wait(): Promise<void> | undefined {
    if (this.slow.size === 0) return undefined;
    return firstValueFrom(this.caughtUp$.pipe(filter(() => this.slow.size === 0)));
  }

  /** A reader has as much as it takes, or takes more again; one that goes takes more. */
  set(reader: object, isFull: boolean): void {
    if (isFull) this.slow.add(reader);
    else if (this.slow.delete(reader)) this.caughtUp$.next();
  }
}
