import { Subject, switchMap, timer, type Observable } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import { ClientError } from '../errors.js';
import { isObject } from '../schema/values.js';
import { isClosed, isReady, listen, type RedisConnection } from './connection.js';
import { ScriptRunner, type RedisScript } from './scripts.js';

export interface RunOptions {
  /** Told of a reply that came when nobody waited for it any more. */
  readonly late?: ((reply: unknown) => void) | undefined;
}

/**
 * Runs scripts over a connection, and knows whether Redis answers and does what it is asked: it is away from the first error, or
 * the first time that nothing comes within `timeout` milliseconds, and there again with the first reply.
 */
export class RedisLink {
  /** Whether the last that was heard of Redis was good; until something was heard, it is thought to be there. */
  available = true;
  /** When the last reply came, by `monotonicNow()`. */
  heardAt = -Infinity;
  private readonly runner: ScriptRunner;
  private readonly changes = new Subject<boolean>();
  /** Emits whether Redis is there, each time that this changes. */
  readonly changes$: Observable<boolean> = this.changes.asObservable();
  private replies = 0;

  constructor(
    private readonly connection: RedisConnection,
    readonly timeout: number,
  ) {
    this.runner = new ScriptRunner(connection);
  }

  /** Rejects with `SDK.FleetUnavailable` where Redis can't be asked, does not answer in time or refuses. Its errors are not shown: an address may have a password in it. */
  run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number)[],
    { late }: RunOptions = {},
  ): Promise<unknown> {
    const before = this.replies;
    return new Promise((resolve, reject) => {
      let over = false;
      const fail = (why: string): void => {
        // Where another was answered meanwhile, Redis is there, and this one is lost.
        if (!over && before === this.replies) this.tell(false);
        over = true;
        reject(unavailable(why));
      };
      const send = (): void => {
        this.runner.run(script, keys, args).then(
          (reply) => {
            limit.unsubscribe();
            this.heard();
            if (over) late?.(reply);
            over = true;
            resolve(reply);
          },
          (error: unknown) => {
            limit.unsubscribe();
            fail(reasonOf(error));
          },
        );
      };
      // A reply that has come while this process was busy is read first.
      const limit = timer(this.timeout)
        .pipe(switchMap(() => timer(0)))
        .subscribe(() => {
          stopWaiting?.();
          fail(`no answer within ${this.timeout} ms`);
        });
      let stopWaiting: (() => void) | undefined;
      if (isReady(this.connection)) send();
      // It would only be kept, and be executed much later. One that is known to be away is not waited for.
      else if (!this.available || isClosed(this.connection)) {
        limit.unsubscribe();
        fail('there is no connection');
      } else {
        stopWaiting = listen(this.connection, 'ready', () => {
          stopWaiting?.();
          send();
        });
      }
    });
  }

  private heard(): void {
    this.replies++;
    this.heardAt = monotonicNow();
    this.tell(true);
  }

  private tell(available: boolean): void {
    if (this.available === available) return;
    this.available = available;
    this.changes.next(available);
  }
}

export function unavailable(why: string): ClientError {
  const message = `What processes share can't be reached in Redis: ${why}`;
  return new ClientError('SDK.FleetUnavailable', message);
}

/** Such as `ECONNREFUSED`, or `OOM`, the first word of what Redis says. */
function reasonOf(error: unknown): string {
  if (!isObject(error)) return 'it could not be asked';
  if (typeof error.code === 'string') return error.code;
  const [word = ''] = String(error.message).split(' ');
  return /^[A-Z]+$/.test(word) ? word : String(error.name);
}
