/** Times as signatures have them, `2026-01-31T08:00:00Z`: of all calls of a second there is one. */
export class Timestamps {
  private second = NaN;
  private text = '';

  /** `now` in milliseconds since 1970. */
  at(now: number): string {
    const second = Math.floor(now / 1000);
    if (second !== this.second) {
      this.second = second;
      this.text = `${new Date(now).toISOString().slice(0, 19)}Z`;
    }
    return this.text;
  }
}
