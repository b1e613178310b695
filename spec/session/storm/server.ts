/** The emulator of a storm: who is let in, what goes wrong how often, and what it tells afterwards. */
import type { createEmulator, Emulator, Fault } from '../../../lib/testing/index.js';
import { usualTroubles, type Trouble } from './plan.js';

export const key = { accessKeyId: 'LTAI-storm', accessKeySecret: 'the-secret-of-the-storm' };

/** How long a client waits for a sign of life, in ms. What is late is late by more than that. */
export const readTimeout = 250;

export interface StormServer {
  readonly url: string;
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
  /** How many faults struck, by kind. */
  readonly struck: Readonly<Record<string, number>>;
  readonly openConnections: number;
  readonly acceptedConnections: number;
}

export async function startServer(
  create: typeof createEmulator,
  seed: number,
  troubles: readonly Trouble[] = usualTroubles,
): Promise<StormServer> {
  let ahead = 0;
  const emulator = create({
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
  return {
    url,
    advance: (duration) => void (ahead += duration),
    calm() {
      for (const remove of faults) remove();
      return Promise.resolve();
    },
    report: () => Promise.resolve(reportOf(emulator)),
    close: () => emulator.close(),
  };
}

/** About one request in seven is struck. */
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
  { kind: 'slow', duration: 11 * readTimeout, probability: 0.003 },
  { kind: 'late', duration: 3 * readTimeout, probability: 0.01 },
];

const spent = (left: number): Record<string, string> => ({
  'x-ratelimit-user-api': `Limit:60,Remain:0,TimeLeft:${left},Reset:0`,
});
const hour = 3_600_000;
const failed = { kind: 'error', code: 'Storm.Failed', afterExecution: true, probability: 0.002 } as const;

/** What is struck by a trouble of the server's, beside. */
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

function reportOf({ executions, requests, struck, openConnections, acceptedConnections }: Emulator): StormReport {
  return {
    executions: executions.map(({ marker = -1, action }) => [Number(marker), action]),
    executed: [...requests.values()].reduce((sum, count) => sum + count, 0),
    struck: Object.fromEntries(struck),
    openConnections,
    acceptedConnections,
  };
}
