/** All the requests that an operation is tried with. */
import type { AnyOperation } from '../../lib/service.js';
import { edgeChoices, plainChoices, type Choices } from './choices.js';
import type { Difference } from './compare.js';
import { randomOf } from './random.js';
import { sampleRequest, sampleResponse } from './samples.js';
import type { SideBySide } from './side-by-side.js';

export interface Case {
  /** `all`, `required`, `edge 1` … */
  readonly name: string;
  readonly choices: Choices;
}

/** A case for the operation with that action. */
export type MakeCase = (action: string) => Case;

export const plainCases: readonly MakeCase[] = [
  (): Case => ({ name: 'all', choices: plainChoices('all') }),
  (): Case => ({ name: 'required', choices: plainChoices('required') }),
];

/** The same cases, with nothing in the path that would have to be encoded. */
export function withPlainPaths(cases: readonly MakeCase[]): readonly MakeCase[] {
  return cases.map((make): MakeCase => (action) => {
    const { name, choices } = make(action);
    return { name, choices: { ...choices, pathText: plainChoices('required').pathText } };
  });
}

/** Values at the edges, other ones for each operation, the same for the same seed. */
export function edgeCases(count: number, seed: string): readonly MakeCase[] {
  return Array.from({ length: count }, (_, index): MakeCase => {
    const name = `edge ${index + 1}`;
    return (action) => ({ name, choices: edgeChoices(randomOf(`${seed} ${action} ${name}`)) });
  });
}

export interface Finding extends Difference {
  readonly case: string;
  readonly request: unknown;
}

/** What differs in any of the cases. */
export async function check(
  pair: SideBySide,
  name: string,
  operation: AnyOperation,
  cases: readonly MakeCase[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const make of cases) {
    const { name: caseName, choices } = make(operation.action);
    const request = sampleRequest(operation, choices);
    const differences = await pair.compare(name, operation, request, sampleResponse(operation, choices));
    findings.push(...differences.map((difference) => ({ ...difference, case: caseName, request })));
  }
  return findings;
}
