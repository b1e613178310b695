/** When the calls that a throttle holds back come again: not all at once, and not one after the other for ever. */
import { monotonicNow } from '../../clock/monotonic.js';
import type { ScriptRunner } from '../../redis/scripts.js';
import type { QueueKeys } from '../job.js';
import type { ReadCall } from './read-job.js';
import { scripts } from './scripts.js';

/** For how long after a throttle a worker tells what is let through of the kind, in milliseconds. */
const memory = 60_000;

export class Pace {
  /** Until when what is let through of a kind is told, by `monotonicNow()`. */
  private readonly throttled = new Map<string, number>();

  constructor(
    private readonly runner: ScriptRunner,
    private readonly keys: QueueKeys,
  ) {}

  /** Gives how long the call is to wait, in milliseconds, which is `wait` or longer. */
  async delayOf(jobId: string, call: ReadCall, wait: number): Promise<number> {
    const kind = kindOf(call);
    this.throttled.delete(kind);
    this.throttled.set(kind, monotonicNow() + memory);
    const delay = await this.runner.run(scripts.refused, this.places(kind), [jobId, Math.ceil(wait)]);
    return Math.max(wait, Number(delay));
  }

  /** To be told of each call that was let through. Gives the ids of those that need not wait for their turns. */
  async passed(jobId: string, call: ReadCall): Promise<readonly string[]> {
    for (const [kind, until] of this.throttled) {
      if (until > monotonicNow()) break;
      this.throttled.delete(kind);
    }
    if (this.throttled.size === 0 && call.throttledFor === undefined) return [];
    const kind = kindOf(call);
    if (!this.throttled.has(kind) && call.throttledFor === undefined) return [];
    return (await this.runner.run(scripts.passed, this.places(kind), [jobId])) as string[];
  }

  private places(kind: string): readonly string[] {
    return [this.keys.turns(kind), this.keys.turns(`${kind}:jobs`)];
  }
}

/** Such as `Ecs:DescribeInstances:cn-hangzhou`. Without a region of its own a call goes to that of the worker's client. */
function kindOf({ product, action, options, request }: ReadCall): string {
  const { RegionId } = Object(request) as { readonly RegionId?: unknown };
  return `${product}:${action}:${options.regionId ?? (typeof RegionId === 'string' ? RegionId : '')}`;
}
