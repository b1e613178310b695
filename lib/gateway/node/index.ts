/** `rx-alicloud/gateway/node`: a gateway in the servers of Node. */
export { createFastifyPlugin, type FastifyGatewayPlugin } from './fastify-plugin.js';
export type { FastifyLike, FastifyReplyLike, FastifyRequestLike } from './fastify-plugin.js';
export { createGatewayServer, type GatewayServer, type GatewayServerOptions } from './gateway-server.js';
export { createNodeHandler, type GatewayHandler, type NodeHandler, type NodeHandlerOptions } from './node-handler.js';
