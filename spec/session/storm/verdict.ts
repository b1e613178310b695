/** Judges a storm by what the callers saw and what the server did. */
import { kinds } from './plan.js';
import type { Aftermath } from './storm.js';

export interface Verdict {
  /** What should not have been; empty: all is well. */
  readonly problems: readonly string[];
  /** For people. */
  readonly table: string;
}

export function judge(aftermath: Aftermath): Verdict {
  const problems = [
    ...endings(aftermath),
    ...executions(aftermath),
    ...leftOpen(aftermath),
    ...tellings(aftermath),
    ...unlearned(aftermath),
    ...unreported(aftermath),
  ];
  return { problems, table: tableOf(aftermath) };
}

function endings({ ends }: Aftermath): string[] {
  return [...ends.left.map((call) => `call ${call} never ended`), ...ends.wrongs];
}

/** How often each call was executed, by the server's own ledger. */
function timesOf({ plan, report }: Aftermath): Uint16Array {
  const times = new Uint16Array(plan.calls.length);
  for (const [number] of report.executions) if (number >= 0) times[number] = (times[number] ?? 0) + 1;
  return times;
}

function executions(aftermath: Aftermath): string[] {
  const { plan, ends, report } = aftermath;
  const problems: string[] = [];
  if (report.executed !== report.executions.length) problems.push('the ledger of the server is not whole');
  for (const [number, action] of report.executions) {
    const call = plan.calls[number];
    if (call !== undefined && call.kind.toLowerCase() !== action.toLowerCase()) {
      problems.push(`call ${number} is a ${call.kind}, and ${action} was executed`);
    }
  }
  const times = timesOf(aftermath);
  for (const { number, kind } of plan.calls) {
    const executed = times[number] ?? 0;
    if (kinds[kind] !== 'read' && executed > 1)
      problems.push(`call ${number}, a ${kind}, was executed ${executed} times`);
    if (ends.how[number] === 'value' && executed === 0)
      problems.push(`call ${number} succeeded and was never executed`);
    if (ends.refused.has(number) && executed > 0) problems.push(`call ${number} was refused and executed all the same`);
  }
  return problems;
}

function leftOpen({ report: { openConnections } }: Aftermath): string[] {
  return openConnections === 0 ? [] : [`${openConnections} connections are open on the server's side`];
}

/** The events tell of each call, and of one end. */
function tellings({ told, plan, ends }: Aftermath): string[] {
  const problems = [...told.calls]
    .filter(([, { ends: count }]) => count !== 1)
    .map(
      ([call, { ends: count, last }]) =>
        `the events tell of ${count} ends of call ${call}, the last of them is ${last}`,
    );
  // One call of each client is made when all is calm, or more while it was told to wait.
  const expected = plan.calls.length + ends.extra + ends.calm;
  if (told.calls.size !== expected) problems.push(`the events tell of ${told.calls.size} calls, not of ${expected}`);
  return problems;
}

/**
 * When a clock jumps, the calls under way are repeated by the right time, and with new credentials where those have
 * expired; only who is caught twice fails. A client that learns nothing loses several times as many.
 */
function unlearned({ ends, plan }: Aftermath): string[] {
  const turns = [...plan.turns.values()];
  const jumps = turns.filter(({ clientClock, serverClock }) => (clientClock ?? serverClock) !== undefined).length;
  const expiries = turns.filter(({ serverClock }) => serverClock !== undefined).length;
  const limits = {
    'InvalidTimeStamp.Expired': 10 * jumps,
    // Some are said to be expired by a fault, and are permanent.
    'InvalidSecurityToken.Expired': 5 * expiries + 0.003 * plan.calls.length,
  };
  return Object.entries(limits)
    .filter(([code, limit]) => (ends.codes.get(code) ?? 0) > limit)
    .map(([code, limit]) => `${ends.codes.get(code)} calls ended in ${code}, which is more than ${Math.floor(limit)}`);
}

/** What a caller's teardown throws is reported as RxJS reports it, once, and is nobody else's affair. */
function unreported({ ends: { thrown, reported } }: Aftermath): string[] {
  return thrown === reported ? [] : [`${thrown} teardowns have thrown, and ${reported} of them were reported`];
}

function tableOf(aftermath: Aftermath): string {
  const { plan, ends, report, attempts, renewals, told, duration } = aftermath;
  const byCode = [...ends.codes].sort(([, a], [, b]) => b - a).map(([code, count]): Row => [`  ${code}`, count]);
  const injectedFaults = Object.entries(report.injectedFaults).map(([kind, count]): Row => [`  ${kind}`, count]);
  const rows: Row[] = [
    ['calls', plan.calls.length],
    ['seconds', (duration / 1000).toFixed(1)],
    ['ended in a value', ends.count('value')],
    ['cancelled', ends.count('cancelled')],
    ['ended in an error', ends.count('error')],
    ...byCode,
    ['requests sent', attempts],
    ['repeated', told.events.get('retried') ?? 0],
    ['held back', told.events.get('throttled') ?? 0],
    ['credentials renewed', renewals],
    ['metadata hiccups', report.hiccups],
    ['executed', report.executed],
    ['injectedFaults by', Object.values(report.injectedFaults).reduce((sum, count) => sum + count, 0)],
    ...injectedFaults,
    ['connections made', report.acceptedConnections],
    ['connections left', report.openConnections],
  ];
  const widest = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(widest + 2)}${String(value).padStart(8)}`).join('\n');
}

type Row = readonly [name: string, value: number | string];
