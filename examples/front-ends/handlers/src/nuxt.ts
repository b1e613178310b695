import { fromNodeMiddleware } from 'h3';
import { createNodeHandler } from 'rx-alicloud/gateway/node';
import { gateway } from './lib/server/gateway.js';

export default fromNodeMiddleware(createNodeHandler(gateway));
