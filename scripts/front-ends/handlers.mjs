// The gateway, mounted in servers that are no front end: what the examples in `handlers` export, given requests as browsers send them.
// Written to stdout as JSON: the status of each answer to a call that is asked of the right host, and of a foreign one.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { createApp, toNodeListener } from 'h3';
import { app as hono } from './compiled/hono.js';
import nuxt from './compiled/nuxt.js';
import { Server } from './.svelte-kit/output/server/index.js';
import { manifest } from './.svelte-kit/output/server/manifest.js';

const { origin, host } = new URL(process.env.ORIGIN);
const path = '/api/alicloud/Ecs/2014-05-26/DescribeInstances';
const body = '{"request":{"PageSize":50}}';
const headersTo = (host) => ({
  host,
  origin,
  'content-type': 'application/json',
  'x-rx-alicloud-attempt': crypto.randomUUID(),
});

const svelteKit = new Server(manifest);
await svelteKit.init({ env: process.env });
const handlers = {
  hono: ofFetch((request) => hono.fetch(request)),
  nuxt: await ofNode(toNodeListener(createApp().use(nuxt))),
  sveltekit: ofFetch((request) => svelteKit.respond(request, { getClientAddress: () => '127.0.0.1' })),
};
const seen = {};
for (const [name, send] of Object.entries(handlers)) {
  seen[name] = [await send(headersTo(host)), await send(headersTo('evil.example'))];
}
console.log(JSON.stringify(seen));
process.exit();

function ofFetch(handle) {
  return async (headers) => {
    const response = await handle(new Request(new URL(path, origin), { method: 'POST', headers, body }));
    return response.status;
  };
}

async function ofNode(listener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return async (headers) => {
    const sent = request({ port: server.address().port, host: '127.0.0.1', method: 'POST', path, headers });
    sent.end(body);
    const [response] = await once(sent, 'response');
    response.resume();
    return response.statusCode;
  };
}
