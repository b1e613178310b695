// A program for Node that is bundled with all that it imports. Written to stdout as JSON: whether its calls were answered, and
// whether one that failed was read.
import { accessKey, isServerError } from 'rx-alicloud';
import { EcsClient } from 'rx-alicloud/ecs';
import { firstValueFrom, lastValueFrom } from 'rxjs';

const { endpoint, accessKeyId, accessKeySecret } = JSON.parse(process.env.ACCESS);
const client = new EcsClient({
  endpoint,
  regionId: 'cn-hangzhou',
  credentials: accessKey(accessKeyId, accessKeySecret),
});

const { Regions } = await firstValueFrom(client.describeRegions());
const error = await lastValueFrom(
  client.describeRegions({}, { credentials: accessKey('nobody', accessKeySecret) }),
).catch((error) => error);
await lastValueFrom(client.close(), { defaultValue: undefined });
console.log(
  JSON.stringify({ answered: Regions.Region.length > 0, refused: isServerError(error, 'InvalidAccessKeyId') }),
);
