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

export const POST = (request: Request): Promise<Response> => gateway.handle(request);
