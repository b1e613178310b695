/** What a run finds out, and how it is counted. */
import type { Finding } from './check.js';
import { reasonFor } from './differences.js';

/** One operation of an official package. */
export interface Result {
  /** The product's name in the catalog. */
  readonly product: string;
  readonly operation: string;
  readonly findings: readonly Finding[];
}

/** A finding with the reason why it is as it should be; without one it is a mistake. */
export interface Explained extends Finding {
  readonly reason: string | undefined;
}

export interface Count {
  readonly operations: number;
  readonly compared: number;
  readonly equal: number;
  readonly different: number;
}

export function explained({ product, operation, findings }: Result): readonly Explained[] {
  return findings.map((finding) => ({ ...finding, reason: reasonFor(product, operation, finding) }));
}

export function count(results: readonly Result[]): Count {
  const compared = results.filter(isCompared);
  const equal = compared.filter(({ findings }) => findings.length === 0).length;
  return { operations: results.length, compared: compared.length, equal, different: compared.length - equal };
}

export function inWords({ operations, compared, equal, different }: Count): string {
  return `operations: ${operations}, compared: ${compared}, equal: ${equal}, different: ${different}`;
}

function isCompared({ findings }: Result): boolean {
  return !findings.some(({ kind }) => kind === 'not compared');
}
