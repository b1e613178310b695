import { Hono } from 'hono';
import { gateway } from './lib/server/gateway.js';

export const app = new Hono();
app.all('/api/alicloud/*', (context) => gateway.handle(context.req.raw));
