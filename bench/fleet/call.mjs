/** What the two ways have in common: the same call, and the same settings. */
import { accessKey } from 'rx-alicloud';
import { EcsClient } from 'rx-alicloud/ecs';
import { of } from 'rxjs';

export const key = { accessKeyId: 'LTAI-bench', accessKeySecret: 'a-secret-to-measure' };

export const place = { queueName: 'bench', concurrency: 50, poolSize: 50, maxTaskQueueSize: 20_000 };

/** Those that the dispatcher gives its jobs. */
export const jobOptions = { removeOnComplete: { age: 3600 }, removeOnFail: { age: 3600 } };

const regions = Array.from({ length: 30 }, (_, number) => ({
  RegionId: `cn-region-${number}`,
  LocalName: `Region ${number}`,
  RegionEndpoint: `ecs.cn-region-${number}.aliyuncs.com`,
  Status: 'available',
}));
const response = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ RequestId: '0', Regions: { Region: regions } }),
};

/** `work`: `http` calls the emulator, `none` is answered at once, in the process. */
export function clientOf({ work, url, more = {} }) {
  return new EcsClient({
    regionId: 'cn-hangzhou',
    endpoint: url,
    credentials: accessKey(key.accessKeyId, key.accessKeySecret),
    ...(work === 'none' && { transport: { send: () => of(response) } }),
    ...more,
  });
}

/** The CPU time of this process. */
export function microseconds() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
