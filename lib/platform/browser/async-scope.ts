/** Browsers have no async context yet. */
export class AsyncScope {
  inScope(work: () => void): void {
    work();
  }
}
