/** Starts the server that answers all clients: nginx where it is installed, else the lean one. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startWorker } from '../processes.mjs';
import { large, small } from './answers.mjs';
import { makeCertificate } from './certificate.mjs';

/**
 * `name` says which it is, `urls` by protocol and size (`http-small` …), `ca` the path of the certificate to trust, `counts()` the connections
 * accepted and open so far, and the server's CPU in µs where it tells, `stop()`.
 */
export async function startServer({ folder, lean = false }) {
  mkdirSync(folder, { recursive: true });
  const certificate = makeCertificate();
  const files = { 'key.pem': certificate.key, 'cert.pem': certificate.cert, 'small.json': small, 'large.json': large };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o644 });
  const server = await (lean ? startLean(certificate) : startNginxOrLean(resolve(folder), certificate));
  return { ...server, ca: resolve(folder, 'cert.pem') };
}

/** An nginx that is there and can't serve ends no run: its name says what it was instead. */
async function startNginxOrLean(folder, certificate) {
  if (!runs('nginx', ['-v'])) return startLean(certificate);
  try {
    return await startNginx(folder);
  } catch (error) {
    process.stderr.write(`  ${error.message}\n`);
    return startLean(certificate, 'a lean Node server, as nginx did not serve');
  }
}

function runs(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function startLean(certificate, name = 'a lean Node server') {
  const server = startWorker('http/lean-server', [JSON.stringify(certificate)]);
  return {
    name,
    urls: await server.answer(),
    counts: () => server.ask('counts'),
    stop: server.stop,
  };
}

async function startNginx(folder) {
  const names = ['http-small', 'http-large', 'tls-small', 'tls-large', 'status'];
  const ports = await freePorts(names.length);
  const port = Object.fromEntries(names.map((name, i) => [name, ports[i]]));
  writeFileSync(join(folder, 'nginx.conf'), nginxConfig(folder, port));
  const options = ['-p', folder, '-c', 'nginx.conf', '-e', join(folder, 'nginx.log')];
  const server = spawn('nginx', options, { stdio: ['ignore', 'inherit', 'inherit'] });
  const status = `http://127.0.0.1:${port.status}/`;
  // Whether it serves, and not only runs: its worker is another user than the one who wrote the files.
  const page = `http://127.0.0.1:${port['http-small']}/`;
  for (let tries = 0, answer; (answer = await statusOf(page)) !== 200; tries++) {
    const isFinal = answer !== undefined || tries === 100 || server.exitCode !== null;
    if (isFinal) {
      server.kill();
      throw new Error(`nginx ${answer === undefined ? 'did not start' : `answers ${answer}`}: see ${folder}/nginx.log`);
    }
    await setTimeout(50);
  }
  // Both pages were asked for over connections of their own, as the status is at each count.
  let asked = 1;
  return {
    name: 'nginx, one worker',
    urls: Object.fromEntries(
      names
        .slice(0, 4)
        .map((name) => [name, `${name.replace(/-.*/, '').replace('tls', 'https')}://127.0.0.1:${port[name]}`]),
    ),
    async counts() {
      const page = await (await fetch(status, { headers: { connection: 'close' } })).text();
      asked++;
      const [, accepted] = /\n *(\d+) \d+ \d+/.exec(page);
      return { accepted: Number(accepted) - asked, open: Number(/Active connections: (\d+)/.exec(page)[1]) - 1 };
    },
    stop: () => server.kill(),
  };
}

function nginxConfig(folder, port) {
  const answer = (name, size, extra = '') => `
  server {
    listen 127.0.0.1:${port[name]}${extra};
    location / { rewrite ^ /${size}.json break; }
  }`;
  return `daemon off;
${workerUser()}
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 16384; }
http {
  access_log off;
  client_body_temp_path ${folder}/temp;
  proxy_temp_path ${folder}/temp;
  fastcgi_temp_path ${folder}/temp;
  uwsgi_temp_path ${folder}/temp;
  scgi_temp_path ${folder}/temp;
  root ${folder};
  default_type application/json;
  open_file_cache max=10 inactive=1h;
  output_buffers 1 256k;
  tcp_nodelay on;
  keepalive_timeout 120s;
  keepalive_requests 100000000;
  error_page 405 =200 $uri;
  ssl_certificate ${folder}/cert.pem;
  ssl_certificate_key ${folder}/key.pem;
  ${answer('http-small', 'small')}
  ${answer('http-large', 'large')}
  ${answer('tls-small', 'small', ' ssl')}
  ${answer('tls-large', 'large', ' ssl')}
  server { listen 127.0.0.1:${port.status}; location / { stub_status; } }
}
`;
}

/** Started by root, nginx hands its worker to `nobody`, who may not read a folder below one of root's. */
function workerUser() {
  if (process.getuid?.() !== 0) return '';
  return `user ${userInfo().username} ${execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()};`;
}

async function statusOf(url) {
  return fetch(url, { method: 'POST', headers: { connection: 'close' } }).then(
    ({ status }) => status,
    () => undefined,
  );
}

/** Held all at once, so that they differ. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => server.address() ?? once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
