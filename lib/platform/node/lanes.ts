/** The connections to one origin: as many as exchanges are under way, and those that wait for more. */
import type { Socket } from 'node:net';
import { Subscription } from 'rxjs';
import { Client, type Dispatcher } from 'undici';
import type { Connector, Route } from './connector.js';
import type { Carrier, Exchange } from './exchange.js';
import { handlerOf } from './handler.js';
import { withoutInformational } from './informational.js';

export interface LanesOptions {
  readonly route: Route;
  readonly connector: Connector;
  /** In milliseconds. */
  readonly idleTimeout: number;
  /** Called when none is left. */
  readonly onEmpty: () => void;
}

/**
 * undici's own pool takes a connection for busy until the turn after its answer, and would open another one for a request
 * that follows at once. Here the one used last is used again, so that what is not needed becomes idle.
 */
export class Lanes {
  private readonly idle: Lane[] = [];
  private count = 0;

  constructor(private readonly options: LanesOptions) {}

  run(exchange: Exchange, request: Dispatcher.DispatchOptions): void {
    (this.idle.pop() ?? this.open()).run(exchange, request);
  }

  closeIdle(): void {
    for (const lane of this.idle.splice(0)) lane.abandon();
  }

  private open(): Lane {
    this.count++;
    return new Lane(
      this.options,
      (lane) => this.idle.push(lane),
      (lane) => {
        const at = this.idle.indexOf(lane);
        if (at >= 0) this.idle.splice(at, 1);
        if (--this.count === 0) this.options.onEmpty();
      },
    );
  }
}

/** One connection at a time, for one exchange at a time. */
class Lane implements Carrier {
  private readonly client: Client;
  private connecting = Subscription.EMPTY;
  private socket: Socket | undefined;
  private exchange: Exchange | undefined;
  private isOpen = true;
  private expectHead: () => void = () => undefined;

  constructor(
    { route, connector, idleTimeout }: LanesOptions,
    private readonly onIdle: (lane: Lane) => void,
    private readonly onGone: (lane: Lane) => void,
  ) {
    const keepAlive = Math.max(1, idleTimeout);
    this.client = new Client(route.origin, {
      connect: (_options, callback) => {
        this.connecting = connector(this.exchange?.connectTimeout ?? 0).subscribe({
          next: (socket) => {
            this.socket = socket;
            this.expectHead = withoutInformational(socket, () => this.exchange?.informed());
            callback(null, socket);
          },
          // The connector throws errors alone.
          error: (error: Error) => callback(error, null),
        });
      },
      keepAliveTimeout: keepAlive,
      keepAliveMaxTimeout: keepAlive,
      keepAliveTimeoutThreshold: serverLead,
      // The exchange watches over its time itself: undici's clock has no finer unit than half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.client.on('disconnect', () => {
      if (this.exchange === undefined) this.abandon();
    });
  }

  run(exchange: Exchange, request: Dispatcher.DispatchOptions): void {
    this.exchange = exchange;
    exchange.carrier = this;
    this.expectHead();
    this.client.dispatch(request, handlerOf(exchange));
  }

  release(): void {
    this.exchange = undefined;
    this.onIdle(this);
  }

  abandon(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.connecting.unsubscribe();
    this.client.destroy(null, () => undefined);
    // For a microtask, undici has been handed it and does not know it yet.
    this.socket?.destroy();
    this.onGone(this);
  }
}

/** How much sooner than the server says it will an idle connection is closed, in milliseconds. */
const serverLead = 1000;
