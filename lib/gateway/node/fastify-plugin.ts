import type { IncomingMessage, ServerResponse } from 'node:http';
import { createNodeHandler, type GatewayHandler, type NodeHandlerOptions } from './node-handler.js';

/** What the plugin needs of a Fastify instance, 4 or 5. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    contentType: string,
    parser: (request: never, payload: never, done: (error: Error | null) => void) => void,
  ): unknown;
  all(path: string, handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => void): unknown;
}

export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
}

export interface FastifyReplyLike {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** A plugin of Fastify. */
export type FastifyGatewayPlugin = (fastify: FastifyLike, options: object, done: (error?: Error) => void) => void;

/**
 * A gateway as a plugin of Fastify, which answers what is below the gateway's path. The application's hooks `onRequest` run
 * before it; its body parsers do not, as bodies pass in both directions as fast as they are read.
 *
 * @example
 * import fastify from 'fastify';
 * import { createFastifyPlugin } from 'rx-alicloud/gateway/node';
 *
 * const app = fastify();
 * app.register(createFastifyPlugin(gateway));
 *
 * @throws ConfigurationError at once, where an option can't work
 */
export function createFastifyPlugin(gateway: GatewayHandler, options: NodeHandlerOptions = {}): FastifyGatewayPlugin {
  const handle = createNodeHandler(gateway, options);
  return (fastify, _options, done) => {
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    fastify.all(`${gateway.path}/*`, (request, reply) => {
      reply.hijack();
      handle(request.raw, reply.raw);
    });
    done();
  };
}
