/** Watches that an answer is not silent for too long. */
export class ReadTimeout {
  private timer: NodeJS.Timeout | undefined;
  private broken = true;

  constructor(
    /** In milliseconds; 0 is no limit. */
    private readonly limit: number,
    private readonly onTooLong: () => void,
  ) {}

  /** Begins, or begins anew. */
  start(): void {
    this.broken = true;
    if (this.timer !== undefined) this.timer.refresh();
    else if (this.limit > 0) this.timer = setTimeout(() => this.check(), this.limit);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** A process that was busy for long finds its timers due before it has read what came meanwhile: that is read first. */
  private check(): void {
    this.broken = false;
    setImmediate(() => {
      if (!this.broken && this.timer !== undefined) this.onTooLong();
    });
  }
}
