import { Subscriber } from 'rxjs';

/**
 * Passes on what the first attempt of a call gives; its failure goes to `recover` in place of the call's. What is subscribed to after
 * it is subscribed to with the same `destination`, so that unsubscribing ends either. By hand, as nearly all calls need no other
 * attempt, and the operators for those that do cost each of them.
 */
export class FirstAttempt<T> extends Subscriber<T> {
  constructor(
    private readonly rest: Subscriber<T>,
    private readonly recover: (failure: unknown) => void,
  ) {
    super();
    rest.add(this);
  }

  protected override _next(value: T): void {
    this.rest.next(value);
  }

  protected override _error(failure: unknown): void {
    try {
      this.recover(failure);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    try {
      this.rest.complete();
    } finally {
      this.unsubscribe();
    }
  }
}
