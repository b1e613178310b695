/** `rx-alicloud/gateway/node`: a gateway in the servers of Node. */
export { createFastifyPlugin } from './fastify-plugin.js';
export type { FastifyGatewayPlugin, FastifyLike, FastifyReplyLike, FastifyRequestLike } from './fastify-plugin.js';
export { createGatewayServer } from './gateway-server.js';
export type { GatewayServer, GatewayServerOptions } from './gateway-server.js';
export { createNodeHandler } from './node-handler.js';
export type { GatewayHandler, NodeHandler, NodeHandlerOptions } from './node-handler.js';
