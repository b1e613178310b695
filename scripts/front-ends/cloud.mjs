// What stands behind the pages: the emulator, and gateways before it.
import { accessKey, AlicloudClient } from 'rx-alicloud';
import { describeInstances } from 'rx-alicloud/ecs';
import { createGateway } from 'rx-alicloud/gateway';
import { createNodeHandler } from 'rx-alicloud/gateway/node';
import { createEmulator, emulatorCredentials } from 'rx-alicloud/testing';

export async function openCloud() {
  const emulator = createEmulator();
  const { url } = await emulator.listen();
  const { accessKeyId, accessKeySecret } = emulatorCredentials;
  const client = new AlicloudClient({
    endpoint: url,
    regionId: 'cn-hangzhou',
    credentials: accessKey(accessKeyId, accessKeySecret),
  });
  return {
    emulator,
    client,
    url,
    credentials: emulatorCredentials,
    secrets: [accessKeyId, accessKeySecret],
    /** What a server needs for calls of its own. */
    env: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
      RX_ALICLOUD_EMULATOR_URL: url,
    },
    /** A listener of node:http, for the pages of an origin. */
    gatewayFor(origin, hosts) {
      const gateway = createGateway({
        client,
        origins: [origin],
        hosts,
        regions: ['cn-hangzhou'],
        allow: [describeInstances],
        authorize: () => ({ id: 'everybody' }),
      });
      return createNodeHandler(gateway);
    },
    async close() {
      client.close();
      await emulator.close();
    },
  };
}
