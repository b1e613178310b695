import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkOption, checkOptions, milliseconds, withMethod, type Rules } from '../../schema/options.js';
import type { Gateway } from '../gateway.js';
import type { RequestInfo } from '../request-info.js';
import { checkMessage, type MessageRefusal } from './check-message.js';
import { openExchange, type Exchange } from './exchange.js';
import { sendRefusal, sendResponse, type Patience } from './send-response.js';
import { toRequest } from './to-request.js';

/** What servers need of a gateway. */
export type GatewayHandler = Pick<Gateway, 'path' | 'handle' | 'refuse'>;

/** How long a handler waits for callers. */
export interface NodeHandlerOptions {
  /** How long a caller may leave an answer unread before its connection is closed, in milliseconds, >= 0. @default 30000 */
  readonly drainTimeout?: number | undefined;
  /**
   * How long a caller that was refused may go on sending its request before its connection is closed, in milliseconds, >= 0:
   * closed at once, the refusal could be lost. @default 2000
   */
  readonly lingerTimeout?: number | undefined;
}

/**
 * Answers a request of `node:http`. With `next`, as Connect and Express call it, what is not below the gateway's path is
 * left to others.
 */
export type NodeHandler = (message: IncomingMessage, response: ServerResponse, next?: () => void) => void;

export const handlerRules: Rules<NodeHandlerOptions> = { drainTimeout: milliseconds, lingerTimeout: milliseconds };

export const gatewayRule = withMethod('handle', 'a Gateway, as `createGateway` makes it', ['refuse']);

/**
 * A gateway as a handler of `node:http`, and as a middleware of Connect, Express, Vite and of the Express server of Angular's
 * SSR. Bodies pass in both directions as fast as they are read, and the caller's going aborts the signal of the request.
 * It stands in front of whatever reads bodies, such as `express.json()`: a request whose body was read before is answered with 500.
 *
 * @example
 * import express from 'express';
 * import { createNodeHandler } from 'rx-alicloud/gateway/node';
 *
 * const app = express();
 * app.use(createNodeHandler(gateway)); // before body parsers, static files and AngularNodeAppEngine
 *
 * @throws ConfigurationError at once, where an option can't work
 * @see createGatewayServer for a server with limits to its connections, too
 */
export function createNodeHandler(gateway: GatewayHandler, options: NodeHandlerOptions = {}): NodeHandler {
  checkOption('gateway', gateway, gatewayRule);
  checkOptions(options, handlerRules);
  const patience: Patience = { drain: options.drainTimeout ?? 30_000, linger: options.lingerTimeout ?? 2_000 };
  return (message, response, next) => {
    const target = targetOf(message);
    if (next !== undefined && !isBelow(target, gateway.path)) return next();
    const exchange = openExchange(message, response);
    respond(gateway, exchange, target, patience)
      // Its caller has gone, or has to learn by a broken connection that the answer is not whole.
      .catch(() => response.destroy());
  };
}

/** Express takes the path of a mounted middleware off `url`. */
function targetOf(message: IncomingMessage & { readonly originalUrl?: string }): string {
  return message.originalUrl ?? message.url ?? '';
}

/** Whatever a router may take for a target below the path is: it is then refused. */
function isBelow(target: string, path: string): boolean {
  const [, given = ''] = /^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)/i.exec(target) ?? [];
  return given === path || given.startsWith(`${path}/`);
}

async function respond(gateway: GatewayHandler, exchange: Exchange, target: string, patience: Patience): Promise<void> {
  const { message, signal } = exchange;
  const { rawHeaders, socket } = message;
  const info: RequestInfo = { rawHeaders, target, remoteAddress: socket.remoteAddress, signal };
  const refusal = checkMessage(message, target) ?? checkPlace(exchange);
  if (refusal !== undefined) {
    return sendRefusal(exchange, gateway.refuse(refusal.code, info, refusal.message), patience);
  }
  return sendResponse(exchange, await gateway.handle(toRequest(exchange, target), info), patience);
}

/** Whether the request stands where it should: first on its connection, and first in front of what reads bodies. */
function checkPlace({ message, response }: Exchange): MessageRefusal | undefined {
  // Node gives a response its socket when those before it are written, and goes on reading when the last one has closed it.
  // Browsers and proxies send no request before that; whoever hides one in the body of another does.
  if (response.socket === null || response.socket.writableEnded) {
    return { code: 'Gateway.InvalidRequest', message: 'Expected no request before the answer to the one before it' };
  }
  if (!message.readableDidRead) return undefined;
  return {
    code: 'Gateway.InternalError',
    message: 'The body was read before it came to the gateway: the gateway has to stand in front of body parsers',
  };
}
