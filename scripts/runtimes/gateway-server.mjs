// A gateway in the server of Deno or Bun, as a program of its own.
import process from 'node:process';
import { accessKey } from 'rx-alicloud';
import { describeImages, describeInstances, describeRegions, describeZones } from 'rx-alicloud/ecs';
import { createGateway } from 'rx-alicloud/gateway';

const [, , port, access] = process.argv;
const { endpoint, accessKeyId, accessKeySecret } = JSON.parse(access);
const gateway = createGateway({
  client: { endpoint, regionId: 'cn-hangzhou', credentials: accessKey(accessKeyId, accessKeySecret), poolSize: 2 },
  origins: [`http://127.0.0.1:${port}`],
  allow: [describeImages, describeInstances, describeRegions, describeZones],
  authorize: () => ({ id: 'everybody' }),
});

const handle = (request) => gateway.handle(request);
const options = { hostname: '127.0.0.1', port: Number(port) };
if (globalThis.Deno === undefined) globalThis.Bun.serve({ ...options, fetch: handle });
else globalThis.Deno.serve({ ...options, onListen: () => undefined }, handle);
