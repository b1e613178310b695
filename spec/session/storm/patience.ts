/** The manners of those who were refused: each comes back when one of the others has ended, and not before. */
import { defer, of, Subject, take, type Observable } from 'rxjs';

export class Patience {
  private readonly waiting: Subject<void>[] = [];
  /** Calls that have begun and not ended. */
  private underWay = 0;

  begin(): void {
    this.underWay++;
  }

  /** To be subscribed to when a call has ended; emits once, when its caller may go on. */
  after(isRefused: () => boolean): Observable<void> {
    return defer(() => {
      this.underWay--;
      if (isRefused() && this.underWay > 0) {
        const turn = new Subject<void>();
        this.waiting.push(turn);
        return turn.pipe(take(1));
      }
      if (this.underWay > 0) this.waiting.shift()?.next();
      // Nobody else is going to end.
      else for (const turn of this.waiting.splice(0)) turn.next();
      return of(undefined);
    });
  }
}
