/** Judges a soak by what callers saw, what the server did, and what is left. */
import Table from 'cli-table3';
import { kinds, planCall, type Kind } from './plan.js';
import type { SoakResult } from './soak.js';

export interface Verdict {
  /** What was promised and not kept; empty: all is well. */
  readonly problems: readonly string[];
  /** For people. */
  readonly table: string;
}

/** What can't be helped. */
export interface Allowance {
  /** Of how many calls it may stay unknown what became of them: those that were under way when something failed. */
  readonly unknown: number;
  /** How many may run beyond the pool's size: those of a process that stands still, and can't abort them before others take over. @default 0 */
  readonly beyond?: number;
}

export function judge(result: SoakResult, { unknown: maxUnknown, beyond = 0 }: Allowance): Verdict {
  const times = timesOf(result);
  const problems: string[] = [];
  for (let number = 0; number < result.calls; number++) {
    const { kind, cancelAfter } = planCall(number, result.seed);
    const how = result.ends[number];
    const executed = times[number] ?? 0;
    const call = `call ${number}, ${kind},`;
    if (how === undefined) problems.push(`${call} never ended`);
    else if (!isRight(kind, cancelAfter !== undefined, how)) problems.push(`${call} ended in ${how}`);
    if (kind !== 'read' && kind !== 'refused' && executed > 1) problems.push(`${call} was executed ${executed} times`);
    if (how === 'value' && executed === 0) problems.push(`${call} succeeded and was never executed`);
    if (kind === 'invalid' && executed > 0) problems.push(`${call} was executed`);
  }
  const extra = Object.keys(result.ends).length - result.calls;
  if (extra > 0) problems.push(`${extra} calls ended that nobody made`);
  if (result.peak > result.poolSize + beyond) problems.push(`${result.peak} ran at once, of ${result.poolSize}`);
  problems.push(...result.left.map((key) => `left in Redis: ${key}`));
  const notClean = result.exits.filter((code) => code !== 0);
  if (notClean.length > 0) problems.push(`processes ended with ${notClean.join()}`);
  if (result.openConnections > 0) problems.push(`${result.openConnections} connections are open`);
  const unknown = Object.values(result.ends).filter((how) => how === 'SDK.OutcomeUnknown').length;
  if (unknown > maxUnknown) problems.push(`of ${unknown} calls the outcome is unknown, and of ${maxUnknown} it may be`);
  return { problems, table: tableOf(result, times) };
}

/** Nobody can know of an unsafe call what became of it, when the worker that had it was killed. */
function isRight(kind: Kind, mayBeCancelled: boolean, how: string): boolean {
  if (how === 'cancelled') return mayBeCancelled;
  switch (kind) {
    case 'read':
    case 'token':
      return how === 'value';
    case 'unsafe':
      return how === 'value' || how === 'SDK.OutcomeUnknown';
    case 'invalid':
      return how === 'SDK.InvalidRequest';
    case 'refused':
      return how === 'InvalidZone.NotFound';
  }
}

/** How often each call was executed, by the server's own ledger. */
function timesOf({ executions, calls }: SoakResult): Uint16Array {
  const times = new Uint16Array(calls);
  for (const { marker } of executions) if (marker !== undefined) times[Number(marker)]!++;
  return times;
}

function tableOf({ ends, calls, seed, seconds, peak, poolSize, left }: SoakResult, times: Uint16Array): string {
  const rows = new Map<
    Kind,
    { calls: number; value: number; error: number; cancelled: number; unknown: number; executed: number; twice: number }
  >(kinds.map((kind) => [kind, { calls: 0, value: 0, error: 0, cancelled: 0, unknown: 0, executed: 0, twice: 0 }]));
  for (let number = 0; number < calls; number++) {
    const row = rows.get(planCall(number, seed).kind)!;
    const how = ends[number];
    row.calls++;
    if (how === 'value') row.value++;
    else if (how === 'cancelled') row.cancelled++;
    else if (how === 'SDK.OutcomeUnknown') row.unknown++;
    else if (how !== undefined) row.error++;
    row.executed += times[number] ?? 0;
    if ((times[number] ?? 0) > 1) row.twice++;
  }
  const table = new Table({
    head: ['calls', 'made', 'value', 'error', 'cancelled', 'unknown', 'executed', 'more than once'],
    style: { head: [], border: [] },
  });
  for (const [kind, row] of rows) table.push([kind, ...Object.values(row)]);
  const rate = Math.round(calls / seconds);
  return [
    table.toString(),
    `${calls} calls in ${seconds.toFixed(1)} s, ${rate} a second; at most ${peak} at once, of ${poolSize}; ${left.length} keys left`,
  ].join('\n');
}
