// Written to stdout as JSON: what a CommonJS module sees of the package.
const core = require('rx-alicloud');
const { CsClient } = require('rx-alicloud/cs');
const { EcsClient, describeRegions } = require('rx-alicloud/ecs');
const { StsClient } = require('rx-alicloud/sts');
const { createEmulator } = require('rx-alicloud/testing');
const { firstValueFrom } = require('rxjs');

const credentials = { accessKeyId: 'id', accessKeySecret: 'secret' };
const emulator = createEmulator({ credentials });
const options = {
  regionId: 'cn-hangzhou',
  credentials: core.accessKey(credentials.accessKeyId, credentials.accessKeySecret),
  transport: emulator.transport,
};

const errorOf = (observable) => firstValueFrom(observable).catch((error) => error);

void (async () => {
  const inProcess = await firstValueFrom(new EcsClient(options).call(describeRegions, {}));
  const { url } = await emulator.listen();
  const overHttp = await firstValueFrom(
    new EcsClient({ ...options, transport: undefined, endpoint: url }).describeRegions(),
  );
  await emulator.close();

  const error = await errorOf(
    new EcsClient({ ...options, credentials: core.accessKey('id', 'wrong') }).describeRegions(),
  );
  const esm = await import('rx-alicloud');

  console.log(
    JSON.stringify({
      regions: [inProcess, overHttp].map(({ Regions }) => Regions.Region.length > 0),
      oneClass: [EcsClient, StsClient, CsClient].every((Client) => Client.prototype instanceof core.AlicloudClient),
      error: error.name,
      copies: esm.ServerError !== core.ServerError,
      guards: [core, esm].map(({ isServerError, isClientError }) => [isServerError(error), isClientError(error)]),
    }),
  );
})();
