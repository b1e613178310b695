// Written to stdout as JSON: what an ES module sees of the package.
import { createRequire } from 'node:module';
import * as core from 'rx-alicloud';
import { CsClient } from 'rx-alicloud/cs';
import { EcsClient, describeRegions } from 'rx-alicloud/ecs';
import { StsClient } from 'rx-alicloud/sts';
import { createEmulator } from 'rx-alicloud/testing';
import { firstValueFrom } from 'rxjs';

const credentials = { accessKeyId: 'id', accessKeySecret: 'secret' };
const emulator = createEmulator({ credentials });
const options = {
  regionId: 'cn-hangzhou',
  credentials: core.accessKey(credentials.accessKeyId, credentials.accessKeySecret),
  transport: emulator.transport,
};

const inProcess = await firstValueFrom(new EcsClient(options).call(describeRegions, {}));
const { url } = await emulator.listen();
const overHttp = await firstValueFrom(
  new EcsClient({ ...options, transport: undefined, endpoint: url }).describeRegions(),
);
await emulator.close();

const errorOf = (observable) => firstValueFrom(observable).catch((error) => error);
const error = await errorOf(
  new EcsClient({ ...options, credentials: core.accessKey('id', 'wrong') }).describeRegions(),
);
const cjs = createRequire(import.meta.url)('rx-alicloud');

console.log(
  JSON.stringify({
    regions: [inProcess, overHttp].map(({ Regions }) => Regions.Region.length > 0),
    oneClass: [EcsClient, StsClient, CsClient].every((Client) => Client.prototype instanceof core.AlicloudClient),
    error: error.name,
    copies: cjs.ServerError !== core.ServerError,
    guards: [core, cjs].map(({ isServerError, isClientError }) => [isServerError(error), isClientError(error)]),
  }),
);
