import { AlicloudClient } from 'rx-alicloud';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances } from 'rx-alicloud/ecs';
import { createGateway } from 'rx-alicloud/gateway';

export const gateway = createGateway({
  client: new AlicloudClient({
    regionId: 'cn-hangzhou',
    credentials: defaultCredentials(),
    endpoint: process.env['RX_ALICLOUD_EMULATOR_URL'], // unset: the real cloud
  }),
  origins: [process.env['ORIGIN'] ?? 'http://localhost:3000'],
  regions: ['cn-hangzhou'],
  allow: [describeInstances],
  // Everybody may call: look at your own session here.
  authorize: () => ({ id: 'everybody' }),
});
