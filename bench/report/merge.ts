import type { Results } from './results.js';

/**
 * The results of a run of some parts, with those of the other parts from a run before, if that was on the same machine
 * with the same server.
 */
export function merged(before: Results | undefined, now: Results): Results {
  if (before === undefined || placeOf(before) !== placeOf(now)) return now;
  const again = new Set(now.http?.map(({ scenario }) => scenario));
  const http = [...(before.http ?? []).filter(({ scenario }) => !again.has(scenario)), ...(now.http ?? [])];
  return { ...before, ...now, ...(http.length > 0 && { http }) };
}

function placeOf({ machine: { node, cpu, cores, server, quick } }: Results): string {
  return JSON.stringify([node, cpu, cores, server, quick]);
}
