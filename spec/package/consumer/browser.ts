// An app of one call, for a browser.
import { AlicloudClient, accessKey, type Transport } from 'rx-alicloud';
import { describeRegions } from 'rx-alicloud/ecs';
import { firstValueFrom } from 'rxjs';

declare const globalThis: { transport?: Transport; regions?: Promise<unknown> };

const client = new AlicloudClient({
  regionId: 'cn-hangzhou',
  credentials: accessKey('id', 'secret'),
  transport: globalThis.transport,
});
globalThis.regions = firstValueFrom(client.call(describeRegions, {}));
