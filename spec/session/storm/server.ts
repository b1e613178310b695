/** The emulator of a storm: who is let in, what goes wrong how often, and what it tells afterwards. */
import type { accessKey } from '../../../lib/index.js';
import type { StsClient } from '../../../lib/services/sts.js';
import type { createEmulator, Emulator, Fault } from '../../../lib/testing/index.js';
import { slowPieces } from '../../../lib/testing/wire.js';
import { startMetadata } from './metadata.js';
import { impatience, type Trouble } from './plan.js';

export const key = { accessKeyId: 'LTAI-storm', accessKeySecret: 'the-secret-of-the-storm' };

export interface StormServer {
  readonly url: string;
  /** The origin of a metadata service, which hands out temporary credentials for the same emulator. */
  readonly metadata: string;
  /** Sets the server's clock ahead, in ms. */
  advance(duration: number): void;
  /** Lets nothing go wrong from now on. */
  calm(): Promise<unknown>;
  report(): Promise<StormReport>;
  close(): Promise<unknown>;
}

export interface StormReport {
  /** The number of each call that was executed, in order, and the operation; −1: it is none of the plan's. */
  readonly executions: readonly (readonly [number: number, action: string])[];
  /** How many were executed in all. */
  readonly executed: number;
  /** How many faults injectedFaults, by kind. */
  readonly injectedFaults: Readonly<Record<string, number>>;
  readonly openConnections: number;
  readonly acceptedConnections: number;
  /** How often the metadata service failed. */
  readonly hiccups: number;
}

/** What the server of a storm needs of the SDK. */
export interface ServerSdk {
  readonly createEmulator: typeof createEmulator;
  readonly StsClient: typeof StsClient;
  readonly accessKey: typeof accessKey;
}

export async function startServer(sdk: ServerSdk, seed: number, troubles: readonly Trouble[]): Promise<StormServer> {
  let ahead = 0;
  const emulator = sdk.createEmulator({
    credentials: key,
    seed,
    bootTime: 0,
    latency: 1,
    clock: () => Date.now() + ahead,
    rateLimit: { calls: 60, per: 250 },
  });
  const all = [...weather, ...troubles.flatMap((trouble) => troublesWeather[trouble] ?? [])];
  const faults = all.map((fault) => emulator.inject(fault));
  const { url } = await emulator.listen();
  const sts = new sdk.StsClient({
    endpoint: url,
    regionId: 'cn-hangzhou',
    transport: emulator.transport,
    credentials: sdk.accessKey(key.accessKeyId, key.accessKeySecret),
    clock: () => Date.now() + ahead,
  });
  const metadata = await startMetadata(sts, `metadata ${seed}`, troubles.includes('metadata'));
  return {
    url,
    metadata: metadata.origin,
    advance: (duration) => void (ahead += duration),
    calm() {
      for (const remove of faults) remove();
      return Promise.resolve();
    },
    report: () => Promise.resolve({ ...reportOf(emulator), hiccups: metadata.hiccups() }),
    close: () => Promise.all([metadata.close(), emulator.close()]),
  };
}

/** About one request in seven is injectedFaults. */
const weather: readonly Fault[] = [
  { kind: 'throttle', retryAfter: 20, probability: 0.01 },
  { kind: 'throttle', retryAfter: 30, hint: 'x-ratelimit-user-api', probability: 0.01 },
  { kind: 'throttle', retryAfter: 30, hint: 'x-ratelimit-user', probability: 0.003 },
  { kind: 'throttle', status: 429, code: 'TooManyRequests', retryAfter: 1000, hint: 'retry-after', probability: 0.001 },
  { kind: 'error', probability: 0.015 },
  { kind: 'error', afterExecution: true, probability: 0.015 },
  { kind: 'error', status: 503, code: 'ServiceUnavailable', afterExecution: true, probability: 0.01 },
  { kind: 'error', status: 400, code: 'InvalidSecurityToken.Expired', probability: 0.003 },
  { kind: 'error', status: 400, code: 'SignatureNonceUsed', afterExecution: true, probability: 0.003 },
  { kind: 'html', probability: 0.01 },
  { kind: 'html', status: 504, afterExecution: true, probability: 0.01 },
  { kind: 'reset', probability: 0.01 },
  { kind: 'reset', afterExecution: true, probability: 0.015 },
  { kind: 'cut', probability: 0.015 },
  { kind: 'slow', duration: 50, probability: 0.01 },
  { kind: 'slow', duration: 2 * impatience * slowPieces, probability: 0.001 },
  { kind: 'late', duration: 2 * impatience, probability: 0.01 },
];

const spent = (left: number): Record<string, string> => ({
  'x-ratelimit-user-api': `Limit:60,Remain:0,TimeLeft:${left},Reset:0`,
});
const hour = 3_600_000;
const failed = { kind: 'error', code: 'Storm.Failed', afterExecution: true, probability: 0.002 } as const;

/** What is injectedFaults by a trouble of the server's, beside. */
const troublesWeather: Readonly<Partial<Record<Trouble, readonly Fault[]>>> = {
  // The call was executed: that the next one would be refused, or had better wait, says nothing of this one.
  hints: [400, 403, 404, 409, 500, 502, 504].flatMap((status): Fault[] => [
    { ...failed, status, retryAfter: 20 },
    { ...failed, status, headers: spent(30) },
    { ...failed, status, retryAfter: 1000, hint: 'retry-after' },
  ]),
  hugeWaits: [
    { kind: 'throttle', retryAfter: hour, probability: 0.001 },
    { kind: 'throttle', retryAfter: hour, hint: 'retry-after', probability: 0.001 },
    { kind: 'throttle', retryAfter: hour, hint: 'x-ratelimit-user-api', probability: 0.001 },
  ],
  closes: [{ kind: 'close', probability: 0.05 }],
};

function reportOf({ executions, requests, injectedFaults, ...connections }: Emulator): Omit<StormReport, 'hiccups'> {
  const { openConnections, acceptedConnections } = connections;
  return {
    executions: executions.map(({ marker = -1, action }) => [Number(marker), action]),
    executed: [...requests.values()].reduce((sum, count) => sum + count, 0),
    injectedFaults: Object.fromEntries(injectedFaults),
    openConnections,
    acceptedConnections,
  };
}
