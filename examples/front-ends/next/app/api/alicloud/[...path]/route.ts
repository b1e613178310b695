import { describeInstances } from 'rx-alicloud/ecs';
import { createGateway } from 'rx-alicloud/gateway';
import { client } from '../../../../lib/server';

const origin = process.env['ORIGIN'] ?? 'http://localhost:3000';

const gateway = createGateway({
  client,
  origins: [origin],
  regions: ['cn-hangzhou'],
  allow: [describeInstances],
  // Everybody may call: look at your own session here.
  authorize: () => ({ id: 'everybody' }),
});

// The URL that Next.js tells has the host `localhost`, whatever the browser asked for.
export const POST = (request: Request): Promise<Response> =>
  gateway.handle(new Request(new URL(new URL(request.url).pathname, origin), request));
