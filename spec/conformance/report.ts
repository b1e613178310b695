/** What a run shows: the differences, put together by what they have in common. */
import { inspect } from 'node:util';
import type { Kind } from './compare.js';
import { explained, type Explained, type Result } from './results.js';

export interface Group {
  readonly kind: Kind;
  /** Absent: nobody has said why. */
  readonly reason: string | undefined;
  readonly operations: readonly string[];
  readonly example: Explained;
}

/** By reason, and where there is none by product and kind. */
export function groups(results: readonly Result[]): Group[] {
  const found = new Map<string, Group>();
  for (const result of results) {
    for (const finding of explained(result)) {
      const { kind, reason } = finding;
      const key = reason === undefined ? `${result.product} ${kind}` : `${kind} ${reason}`;
      const operations = new Set(found.get(key)?.operations).add(`${result.product} ${result.operation}`);
      found.set(key, { example: finding, ...found.get(key), kind, reason, operations: [...operations] });
    }
  }
  return [...found.values()];
}

export function printed({ kind, reason, operations, example }: Group): string {
  const heading = `${kind}: ${operations.slice(0, 3).join(', ')}${operations.length > 3 ? ` and ${operations.length - 3} more` : ''}`;
  if (reason !== undefined) return `${heading}\n  ${reason}\n`;
  const { official, ours, request } = example;
  const facts = Object.entries({ case: example.case, official, ours, request });
  return `${heading}\n${facts.map(([name, value]) => `  ${name}: ${short(value)}`).join('\n')}\n`;
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : inspect(value, { depth: 8, breakLength: Infinity, compact: true });
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
