/** A gateway on a port, with an emulator behind it, and what it sends there. */
import { randomUUID } from 'node:crypto';
import { lastValueFrom } from 'rxjs';
import { accessKey } from '../../../lib/credentials/credentials.js';
import { allow, atMost, createGateway, optional, type GatewayOptions } from '../../../lib/gateway/index.js';
import { createGatewayServer, type GatewayServerOptions } from '../../../lib/gateway/node/index.js';
import { describeClusterDetail } from '../../../lib/services/cs.js';
import { describeInstances, runInstances, startInstance, stopInstance } from '../../../lib/services/ecs.js';
import { createEmulator } from '../../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../../lib/testing/credentials.js';
import type { Emulator } from '../../../lib/testing/emulator.js';
import type { Transport } from '../../../lib/transport/transport.js';
import { goodCall, type Wire } from '../attacks.js';

/** Of the pages that may call. */
export const origin = 'http://localhost:4200';

export interface RealGateway {
  readonly port: number;
  readonly emulator: Emulator;
  /** The URLs of all that was sent to the cloud. */
  readonly sent: readonly string[];
  readonly openConnections: number;
  /** A call that is let in, of an attempt of its own. */
  good(): Wire;
  close(): Promise<void>;
}

export interface RealGatewayOptions {
  readonly gateway?: Partial<GatewayOptions>;
  readonly server?: GatewayServerOptions;
  /** Stands between the gateway and the emulator. */
  readonly through?: (send: Transport['send']) => Transport['send'];
}

export async function startGateway(options: RealGatewayOptions = {}): Promise<RealGateway> {
  const { through = (send) => send } = options;
  const emulator = createEmulator();
  const sent: string[] = [];
  const send = through((request) => emulator.transport.send(request));
  const { accessKeyId, accessKeySecret } = emulatorCredentials;
  const gateway = createGateway({
    client: {
      regionId: 'cn-hangzhou',
      credentials: accessKey(accessKeyId, accessKeySecret),
      transport: {
        send: (request) => {
          sent.push(request.url);
          return send(request);
        },
      },
      poolSize: 100,
    },
    origins: [origin],
    regions: ['cn-hangzhou', 'cn-beijing'],
    allow: [
      describeInstances,
      describeClusterDetail,
      startInstance,
      stopInstance,
      allow(runInstances, { Amount: optional(atMost(3)) }),
    ],
    authorize: ({ headers }) => {
      const [, user = ''] = /^session=(alice|bob)$/.exec(headers.get('cookie') ?? '') ?? [];
      return user !== '' && { id: user };
    },
    rates: { requests: 100_000 },
    warn: () => undefined,
    ...options.gateway,
  });
  const server = createGatewayServer(gateway, { lingerTimeout: 60_000, ...options.server });
  const { port } = await server.listen();
  return {
    port,
    emulator,
    sent,
    get openConnections() {
      return server.openConnections;
    },
    good: () => goodCall('localhost:4200', origin, randomUUID()),
    async close() {
      await server.close();
      await lastValueFrom(gateway.close(), { defaultValue: undefined });
      await emulator.close();
    },
  };
}
