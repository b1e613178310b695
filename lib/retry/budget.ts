/** What a client may spend on retries, so that they don't hammer a service that is sick: a token bucket. */
export class RetryBudget {
  private tokens = capacity;

  /** Whether a retry can be paid for. */
  allows(cost: number): boolean {
    return this.tokens >= cost;
  }

  /** A policy of the user's own may overdraw it, which leaves nothing. */
  spend(cost: number): void {
    this.tokens = Math.max(0, this.tokens - cost);
  }

  /** To be told of each call that succeeds. */
  succeeded(): void {
    if (this.tokens < capacity) this.tokens++;
  }
}

const capacity = 500;

export const costOfRetry = 5;
export const costAfterTimeout = 10;
