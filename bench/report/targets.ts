/** What a figure has to be: a ratio, bytes or kilobytes, and which way is better. */
export interface Target {
  readonly better: 'lower' | 'higher';
  readonly must: number;
  readonly aim: number;
}

export type Verdict = 'aim met' | 'must met' | 'MISSED';

/** What must be reached, and what is aimed at. */
export const targets = {
  cpuAgainstFloor: { better: 'lower', must: 1.35, aim: 1.2 },
  /** That client signs nothing. */
  cpuAgainstHttp: { better: 'lower', must: 1, aim: 0.85 },
  callsAgainstOfficial: { better: 'higher', must: 2.6, aim: 3 },
  /** Against the Go SDK: ahead of it. */
  callsAgainstGo: { better: 'higher', must: 1, aim: 1.5 },
  cpuAgainstGo: { better: 'lower', must: 1, aim: 1 / 1.5 },
  largeAgainstFloor: { better: 'lower', must: 1.05, aim: 1.02 },
  largeAnswer: { better: 'lower', must: 1.15, aim: 1.05 },
  poolAgainstPQueue: { better: 'higher', must: 3.5, aim: 3.5 },
  poolByLength: { better: 'lower', must: 1.5, aim: 1.2 },
  /** Without the collection of garbage. */
  poolByLengthAlone: { better: 'lower', must: 1.2, aim: 1 },
  bytesPerWaitingCall: { better: 'lower', must: 600, aim: 400 },
  importTime: { better: 'lower', must: 1.3, aim: 1.1 },
  /** In ms, from a cold import to the first answer. */
  startTime: { better: 'lower', must: 120, aim: 100 },
  /** In MB of a million bytes. */
  startMemory: { better: 'lower', must: 25, aim: 25 },
  /** In KB of 1,024 bytes. Only with a transport of the user's own there is more to aim at. */
  bundle: { better: 'lower', must: 40, aim: 40 },
  bundleOfOwnTransport: { better: 'lower', must: 40, aim: 25 },
  bundleForNode: { better: 'lower', must: 300, aim: 150 },
} as const satisfies Record<string, Target>;

/**
 * What the Go SDK's async mode reaches against the official TypeScript SDK, both as they come: quoted from a measurement
 * elsewhere, since most machines have no Go. Of calls/s the end of the range that is best for Go.
 */
export const goAgainstOfficial = { calls: 1.9, cpu: 0.82 } as const;

export function verdictOf({ better, must, aim }: Target, value: number): Verdict {
  const reaches = (bound: number) => (better === 'lower' ? value <= bound : value >= bound);
  return reaches(aim) ? 'aim met' : reaches(must) ? 'must met' : 'MISSED';
}

/** `<= 1.5`. */
export function boundOf({ better }: Target, bound: number): string {
  return `${better === 'lower' ? '<=' : '>='} ${Number(bound.toFixed(2))}`;
}
