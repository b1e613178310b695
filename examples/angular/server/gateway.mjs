// The gateway: what the page may call, and who signs it. The wrapping below is the demo's, to count and to make trouble.
import { AsyncLocalStorage } from 'node:async_hooks';
import { lastValueFrom } from 'rxjs';
import { accessKey, AlicloudClient } from 'rx-alicloud';
import { describeClusterDetail } from 'rx-alicloud/cs';
import { describeInstances, describeRegions, runInstances, startInstance, stopInstance } from 'rx-alicloud/ecs';
import { allow, createGateway } from 'rx-alicloud/gateway';
import { createNodeHandler } from 'rx-alicloud/gateway/node';
import { describeOrder } from 'rx-alicloud/market';
import { recognizeGeneral } from 'rx-alicloud/ocr-api';
import { startChatWithSSE } from 'rx-alicloud/ros';
import { credentials, regions } from './cloud.mjs';

export function createExplorerGateway({ cloud, demo, site, origin }) {
  const client = new AlicloudClient({
    endpoint: cloud.url,
    regionId: regions[0],
    credentials: accessKey(credentials.accessKeyId, credentials.accessKeySecret),
    enableAsync: true,
    poolSize: 32,
    // The page's switch throttles for as long as it is on.
    retry: { maxAttempts: 20, maxDelay: 1000 },
  });
  const gateway = createGateway({
    client,
    regions,
    origins: [origin],
    authorize: ({ headers }) => site.sessionOf(headers.get('cookie')),
    allow: [
      describeRegions,
      describeInstances,
      startInstance,
      stopInstance,
      allow(runInstances, { InstanceType: ['ecs.g7.large'], InstanceName: ['launched'] }),
      recognizeGeneral,
      startChatWithSSE,
      describeOrder,
      // For the attacks: one with a variable in its path.
      describeClusterDetail,
    ],
    // Many launches, and a list that is read again with each letter.
    rates: { requests: 3000, concurrency: 64 },
  });
  const held = watchThrottles(client, demo);
  const answer = withDemo(gateway, demo);

  return {
    path: gateway.path,
    answer,
    async close() {
      held.unsubscribe();
      await lastValueFrom(gateway.close({ mode: 'abort' }), { defaultValue: undefined });
      await lastValueFrom(client.close(), { defaultValue: undefined });
    },
  };
}

/** Which calls the client holds back, or will repeat, as the cloud throttles. */
function watchThrottles(client, demo) {
  const held = new Set();
  return client.events$.subscribe(({ type, kind, call }) => {
    if (type === 'throttled' || (type === 'retried' && kind === 'throttled')) held.add(call.id);
    else if (type !== 'response') held.delete(call.id);
    demo.throttled(held.size);
  });
}

/** As the gateway's own handler, and counts what comes, reads files slowly, and breaks connections where the page wants that. */
function withDemo(gateway, demo) {
  const exchange = new AsyncLocalStorage();
  const handle = createNodeHandler({
    ...gateway,
    async handle(request, info) {
      const action = new URL(request.url).pathname.split('/').at(-1);
      const attemptId = request.headers.get('x-rx-alicloud-attempt');
      demo.arrived(action, attemptId);
      const answer = await gateway.handle(action === 'RecognizeGeneral' ? readSlowly(request) : request, info);
      const isReplayed = answer.headers.get('x-rx-alicloud-replayed') === 'true';
      if (demo.answered(action, attemptId, isReplayed)) {
        exchange.getStore().isBroken = true;
        exchange.getStore().response.socket?.resetAndDestroy();
      }
      return answer;
    },
  });
  return (message, response) => {
    const store = { response, isBroken: false };
    response.once('close', () => {
      if (!response.writableFinished && !store.isBroken) demo.aborted();
    });
    exchange.run(store, () => handle(message, response));
  };
}

/** So that a file on the same machine takes a while. */
function readSlowly(request) {
  const body = request.body?.pipeThrough(
    new TransformStream({
      async transform(piece, controller) {
        await new Promise((resolve) => setTimeout(resolve, piece.length / bytesPerMillisecond));
        controller.enqueue(piece);
      },
    }),
  );
  return new Request(request, { body, duplex: 'half' });
}

const bytesPerMillisecond = 8_000;
