// A Worker that is a gateway.
import { accessKey } from 'rx-alicloud';
import { describeRegions, describeZones } from 'rx-alicloud/ecs';
import { createGateway } from 'rx-alicloud/gateway';

let gateway;

export default {
  fetch(request, env) {
    // With the first request, as a Worker may neither call nor ask for random numbers before.
    gateway ??= gatewayOf(env);
    return gateway.handle(request);
  },
};

function gatewayOf({ access, origin }) {
  const { endpoint, accessKeyId, accessKeySecret } = JSON.parse(access);
  return createGateway({
    client: {
      endpoint,
      regionId: 'cn-hangzhou',
      credentials: accessKey(accessKeyId, accessKeySecret),
      // In workerd nothing that one request waits for may be done by another.
      enableAsync: false,
      throttleGuard: false,
    },
    origins: [origin],
    allow: [describeRegions, describeZones],
    authorize: () => ({ id: 'everybody' }),
  });
}
