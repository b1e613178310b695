/** Tries the generator on all packages of a folder, and writes nothing. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compiler } from './compiler.js';
import { generate } from './generate.js';
import { readPackage } from './read-package.js';
import { Refusal } from './refusal.js';
import type { Refused } from './model.js';

/** What became of a package. */
export interface Checked {
  /** Its folder. */
  readonly name: string;
  readonly operations: number;
  readonly refused: readonly Refused[];
  /** Why there is nothing of it. */
  readonly reason?: string;
  /** A fault of the generator: it ended in an error of its own, or wrote what is no TypeScript. */
  readonly fault?: string;
}

/** `from` has a folder for each package. Those are left out that have no `src/client.ts`, as they are no product's. */
export function* checkAll(from: string): Generator<Checked> {
  for (const name of readdirSync(from).sort())
    if (existsSync(join(from, name, 'src/client.ts'))) yield { name, ...check(join(from, name), name) };
}

function check(folder: string, name: string): Omit<Checked, 'name'> {
  try {
    const product = name.replace(/-?\d{8}$/, '');
    const { text, operations, refused } = generate(readPackage(folder), { name: product, product });
    const fault = firstMistake(text);
    return { operations, refused, ...(fault === undefined ? {} : { fault }) };
  } catch (error) {
    const none = { operations: 0, refused: [] };
    if (error instanceof Refusal) return { ...none, reason: error.message };
    return { ...none, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function firstMistake(text: string): string | undefined {
  const { diagnostics = [] } = compiler.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { module: compiler.ModuleKind.ESNext, target: compiler.ScriptTarget.ES2022 },
  });
  const [first] = diagnostics;
  return first && `wrote what is no TypeScript: ${compiler.flattenDiagnosticMessageText(first.messageText, '\n')}`;
}

/** The lines about one package; none where all of it was understood. */
export function reportOf({ name, operations, refused, reason, fault }: Checked): string[] {
  return [
    ...(fault === undefined ? [] : [`${name}: fault: ${fault}`]),
    ...(reason === undefined ? [] : [`${name}: refused: ${reason}`]),
    ...(refused.length === 0 ? [] : [`${name}: ${operations} operations, ${refused.length} refused`]),
    ...refused.map((each) => `  left out ${each.method}: ${each.reason}`),
  ];
}

/** The last line. What is refused is a whole package, an operation, or the upload of one. */
export function totalOf(all: readonly Checked[]): string {
  const operations = all.reduce((sum, each) => sum + each.operations, 0);
  const refused = all.reduce((sum, { refused: some, reason }) => sum + some.length + (reason === undefined ? 0 : 1), 0);
  return `packages ${all.length}, operations ${operations}, refused ${refused}`;
}
