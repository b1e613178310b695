import { AsyncResource } from 'node:async_hooks';
import type { AsyncContext } from '../async-context.js';

/** The context of whoever calls this. A call goes on in that of a timer, a socket or another call otherwise. */
export class CapturedContext extends AsyncResource implements AsyncContext {
  constructor() {
    super('rx-alicloud.call');
  }

  run(work: () => void): void {
    this.runInAsyncScope(work);
  }
}
