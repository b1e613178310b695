/** One connection to an origin, for one request at a time. */
import type { Socket } from 'node:net';
import { Client } from '#undici';
import { Subscription } from 'rxjs';
import type { Dispatcher } from 'undici';
import type { Connector, Route } from './connector.js';
import type { ConnectionLease, DispatchHandler } from './dispatch-handler.js';
import { UndiciHandler } from './undici-handler.js';
import { withoutInformational } from './informational.js';

export interface ConnectionOptions {
  readonly route: Route;
  readonly connector: Connector;
  /** In milliseconds. */
  readonly idleTimeout: number;
}

export interface ConnectionListener {
  /** It has carried an answer, and may carry another one. */
  onAnswered(connection: Connection): void;
  /** It is no more. `wasLost`: it broke under a request that was not its first. */
  onGone(connection: Connection, wasLost: boolean): void;
}

export class Connection implements ConnectionLease {
  private readonly client: Client;
  /** Whether it has carried an answer before. */
  private isUsed = false;
  private connecting = Subscription.EMPTY;
  private socket: Socket | undefined;
  private handler: DispatchHandler | undefined;
  private isOpen = true;
  private expectHead: () => void = () => undefined;

  constructor(
    { route, connector, idleTimeout }: ConnectionOptions,
    private readonly listener: ConnectionListener,
  ) {
    const keepAlive = Math.max(1, idleTimeout);
    this.client = new Client(route.origin, {
      connect: (_options, callback) => {
        this.connecting = connector(this.handler?.request.connectTimeout ?? 0).subscribe({
          next: (socket) => {
            this.socket = socket;
            this.expectHead = withoutInformational(socket, () => this.handler?.informed());
            callback(null, socket);
          },
          // The connector throws errors alone.
          error: (error: Error) => callback(error, null),
        });
      },
      keepAliveTimeout: keepAlive,
      keepAliveMaxTimeout: keepAlive,
      keepAliveTimeoutThreshold: serverLead,
      // The handler has a timer of its own: undici's clock has no finer unit than half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.client.on('disconnect', () => {
      if (this.handler === undefined) this.abandon();
    });
  }

  run(handler: DispatchHandler, request: Dispatcher.DispatchOptions): void {
    this.handler = handler;
    handler.lease = this;
    this.expectHead();
    this.client.dispatch(request, new UndiciHandler(handler));
  }

  release(): void {
    this.handler = undefined;
    this.isUsed = true;
    this.listener.onAnswered(this);
  }

  abandon(isBroken = false): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.connecting.unsubscribe();
    this.client.destroy(null, () => undefined);
    // For a microtask, undici has been handed it and does not know it yet.
    this.socket?.destroy();
    this.listener.onGone(this, isBroken && this.isUsed);
  }
}

/** How much sooner than the server says it will an idle connection is closed, in milliseconds. */
const serverLead = 1000;
