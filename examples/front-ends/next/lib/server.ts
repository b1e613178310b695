import 'server-only';
import { AlicloudClient } from 'rx-alicloud';
import { defaultCredentials } from 'rx-alicloud/credentials';

export const client = new AlicloudClient({
  regionId: 'cn-hangzhou',
  credentials: defaultCredentials(),
  endpoint: process.env['RX_ALICLOUD_EMULATOR_URL'], // unset: the real cloud
});
