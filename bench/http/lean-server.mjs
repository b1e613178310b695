/**
 * The server where there is no nginx: it finds where a request ends, and writes bytes that were made beforehand. Node's
 * own HTTP server would cost as much as the fastest clients. In a process of its own, so that the client's CPU is the client's.
 */
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { once } from 'node:events';
import { large, small } from './answers.mjs';

const certificate = JSON.parse(process.argv[2]);
const answers = { small: responseOf(small), large: responseOf(large) };
const counts = { accepted: 0, open: 0 };

const urls = {};
for (const size of ['small', 'large']) {
  urls[`http-${size}`] = `http://127.0.0.1:${await listen(createServer(), 'connection', answers[size])}`;
  const tls = createTlsServer(certificate);
  urls[`tls-${size}`] = `https://127.0.0.1:${await listen(tls, 'secureConnection', answers[size])}`;
}
process.send(urls);

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ ...counts, cpu: user + system });
});
process.on('disconnect', () => process.exit());

async function listen(server, event, answer) {
  server.on(event, (socket) => serve(socket, answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

function serve(socket, answer) {
  counts.accepted++;
  counts.open++;
  socket.setNoDelay(true);
  // What a request has beyond its end is the beginning of the next one.
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    rest = rest === '' ? text : rest + text;
    for (let length; (length = lengthOfRequest(rest)) <= rest.length;) {
      rest = rest.slice(length);
      socket.write(answer);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => counts.open--);
}

/** How long the first request of the text is, body and all; Infinity where its head has not come whole. */
function lengthOfRequest(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return Infinity;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
  return head + 4 + (length === null ? 0 : Number(length[1]));
}

function responseOf(body) {
  const head = [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json;charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: keep-alive',
    'Keep-Alive: timeout=120',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
