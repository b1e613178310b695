import { AsyncResource } from 'node:async_hooks';

/**
 * The async context of whoever makes one, which is where `AsyncLocalStorage` finds its store. What comes from a timer, a
 * socket or another call comes in a context of theirs.
 */
export class AsyncScope extends AsyncResource {
  constructor() {
    super('rx-alicloud.call');
  }

  inScope(work: () => void): void {
    this.runInAsyncScope(work);
  }
}
