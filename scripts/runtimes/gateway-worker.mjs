// A Worker that is a gateway.
import { accessKey } from 'rx-alicloud';
import { describeImages, describeRegions, describeZones } from 'rx-alicloud/ecs';
import { createGateway } from 'rx-alicloud/gateway';

let gateway;

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/shared')
      return Response.json(['enableAsync', 'rateLimiter'].map((name) => refusalOf(env, name)));
    // With the first request, as a Worker may neither call nor ask for random numbers before.
    gateway ??= gatewayOf(env);
    return gateway.handle(request);
  },
};

/** What comes of an option by which requests would wait for each other. */
function refusalOf(env, name) {
  try {
    gatewayOf(env, { [name]: name === 'enableAsync' || {} });
    return undefined;
  } catch ({ code, path }) {
    return `${code} ${path}`;
  }
}

function gatewayOf({ access, origin }, options) {
  const { endpoint, accessKeyId, accessKeySecret } = JSON.parse(access);
  return createGateway({
    client: {
      endpoint,
      regionId: 'cn-hangzhou',
      credentials: accessKey(accessKeyId, accessKeySecret),
      ...options,
    },
    origins: [origin],
    allow: [describeImages, describeRegions, describeZones],
    authorize: () => ({ id: 'everybody' }),
  });
}
