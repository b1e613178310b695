// Cloud Explorer: the emulator, the gateway before it, and the server of the pages, all on this machine.
// `--port 4200` says where; `--check` asks for a page and a call, and ends.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { createCloud } from './cloud.mjs';
import { createDemo } from './demo.mjs';
import { createExplorerGateway } from './gateway.mjs';
import { selfTest } from './self-test.mjs';
import { createSite } from './site.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4200' }, check: { type: 'boolean', default: false } },
});

const cloud = await createCloud();
const demo = createDemo(cloud);
const site = await createSite();
const server = createServer();
// Idle connections stay, as they do with a server that many use: what the browser sends on one that breaks, it sends again.
server.keepAliveTimeout = 60_000;
await new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(values.check ? 0 : Number(values.port), '127.0.0.1', resolve);
});
const origin = `http://127.0.0.1:${server.address().port}`;
const gateway = createExplorerGateway({ cloud, demo, site, origin });

server.on('request', (request, response) => {
  const { pathname } = new URL(request.url, origin);
  // A page that outlived its server has a session again before it goes on.
  if (pathname === '/demo/state') site.greet(request, response);
  const answered = pathname.startsWith(`${gateway.path}/`)
    ? gateway.answer(request, response)
    : pathname.startsWith('/demo/')
      ? demo.answer(request, response, pathname.slice('/demo/'.length))
      : site.answer(request, response, origin);
  Promise.resolve(answered).catch((error) => {
    console.error(error);
    response.destroy();
  });
});

if (values.check) {
  await selfTest(origin);
  await close();
} else {
  console.log(`Cloud Explorer: ${origin}\nThe emulated cloud behind it: ${cloud.url}`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, close);
}

async function close() {
  demo.close();
  server.close();
  server.closeAllConnections();
  await gateway.close();
  await cloud.emulator.close();
}
