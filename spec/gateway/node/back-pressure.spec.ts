/** A large answer, all the way: a service, the gateway's own client, the gateway, its server, and a caller that does not read. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessKey } from '../../../lib/credentials/credentials.js';
import type { AnyOperation } from '../../../lib/service.js';
import { describeInstances } from '../../../lib/services/ecs.js';
import { wireText } from '../attacks.js';
import { openRaw } from './raw-client.js';
import { startGateway } from './real-gateway.js';

const { service } = describeInstances;
const download: AnyOperation = { service, action: 'DescribeFile', responseType: 'bytes', response: 's' };
const total = 256 << 20;

it('is sent by the service no faster than the caller reads it, and as a whole', async () => {
  let written = 0;
  let isClosed = false;
  const piece = Buffer.alloc(1 << 20);
  const cloud = createServer((message, response) => {
    message.resume();
    if (!`${message.url}${JSON.stringify(message.headers)}`.includes('DescribeFile'))
      return void response.end('{"RequestId":"R-1"}');
    response.once('close', () => (isClosed = true));
    const write = (): void => {
      while (written < total) {
        written += piece.length;
        if (!response.write(piece)) return void response.once('drain', write);
      }
      response.end();
    };
    write();
  });
  await once(cloud.listen(0, '127.0.0.1'), 'listening');
  const { port } = cloud.address() as AddressInfo;
  const gateway = await startGateway({
    gateway: {
      client: { regionId: 'cn-hangzhou', endpoint: `http://127.0.0.1:${port}`, credentials: accessKey('id', 'secret') },
      allow: [describeInstances, download],
    },
  });
  const client = await openRaw(gateway.port);
  let read = 0;
  client.socket.removeAllListeners('data').pause();
  client.send(wireText({ ...gateway.good(), target: '/api/alicloud/Ecs/2014-05-26/DescribeFile' }));
  const other = await openRaw(gateway.port);
  // Until nothing more is written while others are answered.
  for (let before = -1; before < written || written === 0;) {
    before = written;
    for (let time = 0; time < 20; time++) {
      other.send(wireText(gateway.good()));
      expect(await other.answer()).toMatchObject({ status: 200 });
    }
  }
  expect(written).toBeLessThan(total / 4);
  expect(isClosed).toBe(false);
  // It was not cut off for being slow, either.
  const enough = new Promise<void>((resolve) =>
    client.socket.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > total / 8) resolve();
    }),
  );
  client.socket.resume();
  await enough;
  client.close();
  // The caller's going ends it upstream.
  while (!isClosed) await new Promise(setImmediate);
  expect(written).toBeLessThan(total);
  other.close();
  await gateway.close();
  const closed = once(cloud, 'close');
  cloud.close();
  cloud.closeAllConnections();
  await closed;
});
