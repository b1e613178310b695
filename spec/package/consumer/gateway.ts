// An app of one call through a gateway, for a browser.
import { AlicloudClient, type Transport } from 'rx-alicloud';
import { describeRegions } from 'rx-alicloud/ecs';
import { firstValueFrom } from 'rxjs';

declare const globalThis: { transport?: Transport; regions?: Promise<unknown> };

const client = new AlicloudClient({
  regionId: 'cn-hangzhou',
  gateway: '/api/alicloud',
  transport: globalThis.transport,
  enableAsync: true,
});
globalThis.regions = firstValueFrom(client.call(describeRegions, {}));
