/** The connections to one origin. */
import type { Dispatcher } from 'undici';
import type { DispatchHandler } from './dispatch-handler.js';
import { Connection, type ConnectionOptions } from './connection.js';
import type { realTimers } from './real-timers.js';
import { WaitingLine } from './waiting-line.js';

export interface ConnectionPoolOptions extends ConnectionOptions {
  /** How many there may be. */
  readonly bound: () => number;
  readonly timers: typeof realTimers;
  /** Called when none is left. */
  readonly onEmpty: () => void;
}

/**
 * The connection used last is used again, so that what is not needed becomes idle. A request that is written to a connection
 * which its server is closing is lost, and nobody knows whether it was executed; so a connection rests behind its answer,
 * for its end to be seen: for a turn where the server is known to keep connections, otherwise for longer.
 */
export class ConnectionPool {
  private readonly idle: Connection[] = [];
  private readonly resting = new Set<Connection>();
  private readonly waiting = new WaitingLine<Waiting>();
  private count = 0;
  /** Whether the server was last seen to keep a connection behind its answer. */
  private isKeeping = false;
  private rest: NodeJS.Timeout | NodeJS.Immediate | undefined;

  constructor(private readonly options: ConnectionPoolOptions) {}

  run(handler: DispatchHandler, request: Dispatcher.DispatchOptions): void {
    // The one used last is worth a turn.
    const connection = this.isKeeping && this.isResting() ? undefined : this.free();
    if (connection !== undefined) return connection.run(handler, request);
    const waiting: Waiting = { handler, request };
    this.waiting.join(waiting);
    handler.lease = { release: () => undefined, abandon: () => this.waiting.leave(waiting) };
    // Nothing else may keep the process alive.
    this.rest?.ref();
  }

  closeIdle(): void {
    const unneeded = [...this.idle, ...[...this.resting].slice(this.waiting.size)];
    for (const connection of unneeded) connection.abandon();
  }

  /** Whether one of those that rest is for nobody yet. */
  private isResting(): boolean {
    return this.waiting.size < this.resting.size;
  }

  private free(): Connection | undefined {
    const idle = this.idle.pop();
    if (idle !== undefined || this.isResting() || this.count >= this.options.bound()) return idle;
    this.count++;
    return new Connection(this.options, {
      onAnswered: (connection) => this.release(connection),
      onGone: (connection, wasLost) => this.forget(connection, wasLost),
    });
  }

  private release(connection: Connection): void {
    // Under fake timers, undici would wait for a turn that does not come before it uses a connection again.
    const { idleTimeout, timers } = this.options;
    if (idleTimeout === 0 || !timers.areInPlace()) return connection.abandon();
    this.resting.add(connection);
    if (this.rest === undefined) this.beginRest();
  }

  private beginRest(): void {
    const { timers } = this.options;
    const endRest = (): void => this.endRest();
    if (this.isKeeping) {
      this.rest = timers.setImmediate(endRest);
    } else {
      this.rest = timers.setTimeout(endRest, Math.min(longRest, this.options.idleTimeout / 2));
      if (this.waiting.size === 0) this.rest.unref();
    }
  }

  private endRest(): void {
    this.rest = undefined;
    this.isKeeping = true;
    this.idle.push(...this.resting);
    this.resting.clear();
    while (this.idle.length > 0) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.idle.pop()?.run(next.handler, next.request);
    }
  }

  private forget(connection: Connection, wasLost: boolean): void {
    const at = this.idle.indexOf(connection);
    if (at >= 0) this.idle.splice(at, 1);
    if (this.resting.delete(connection) || wasLost) this.beCareful();
    this.count--;
    if (this.waiting.size > 0) void Promise.resolve().then(() => this.replace());
    else if (this.count === 0) this.options.onEmpty();
  }

  private beCareful(): void {
    const { timers } = this.options;
    if (this.isKeeping) timers.clearImmediate(this.rest as NodeJS.Immediate | undefined);
    else timers.clearTimeout(this.rest as NodeJS.Timeout | undefined);
    this.rest = undefined;
    this.isKeeping = false;
    if (this.resting.size > 0) this.beginRest();
  }

  /** Not at once: whoever cancels many requests, one after another, has nothing begun that comes next. */
  private replace(): void {
    while (this.waiting.size > this.resting.size) {
      const connection = this.free();
      const next = connection && this.waiting.shift();
      if (next === undefined) return;
      connection?.run(next.handler, next.request);
    }
  }
}

interface Waiting {
  readonly handler: DispatchHandler;
  readonly request: Dispatcher.DispatchOptions;
}

/** In milliseconds. */
const longRest = 20;
