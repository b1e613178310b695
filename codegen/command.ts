/** `rx-alicloud generate`: a typed client of any official package, in the user's own project. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { download } from './download.js';
import { readTarball } from './tarball.js';
import type { Generated } from './generate.js';

/** What a program has around it. */
export interface Terminal {
  print(text: string): void;
  printError(text: string): void;
}

/** The tarball of a package such as `@alicloud/ecs20140526@7`. */
export type Fetch = (spec: string) => Promise<Uint8Array>;

/** Resolves with the exit code: 0, or 1 where it could not do what was asked. */
export async function runGenerate(
  args: readonly string[],
  terminal: Terminal,
  fetch: Fetch = fetchByNpm,
): Promise<number> {
  try {
    const command = parse(args);
    if (command === 'help') terminal.print(usage);
    else await generateInto(command, terminal, fetch);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.printError(error.message);
    return 1;
  }
}

export const usage = `Usage: rx-alicloud generate @alicloud/<package>[@version] [options]

Generates the typed client of an official package into your project. It needs npm, and typescript 5 or 6 as a dependency.

Options:
  --out <folder>   where the file is written (default: .)
  --docs           with the documentation that the package has
  -h, --help       show this
`;

class CommandError extends Error {}

interface Command {
  readonly spec: string;
  /** Without scope and date: of `@alicloud/ecs20140526` it is `ecs`. */
  readonly name: string;
  readonly out: string;
  readonly docs: boolean;
}

function parse(args: readonly string[]): Command | 'help' {
  const { values, positionals } = parseStrictly(args);
  if (values.help || args.length === 0) return 'help';
  const spec = positionals.length === 1 ? positionals[0]! : '';
  const found = /^@alicloud\/([\w-]+?)(?:\d{8}(?:_\d+)?)?(?:@[\w.~^-]+)?$/.exec(spec)?.[1];
  if (found === undefined) {
    const given = positionals.join(' ') || 'none';
    throw new CommandError(`Expected one package, such as @alicloud/ecs20140526, got ${given}. ${seeHelp}`);
  }
  return { spec, name: found.replaceAll('_', '-'), out: values.out, docs: values.docs };
}

const seeHelp = 'See rx-alicloud generate --help.';

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string', default: '.' },
        docs: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : String(error)}. ${seeHelp}`);
  }
}

async function generateInto({ spec, name, out, docs }: Command, terminal: Terminal, fetch: Fetch): Promise<void> {
  await requireCompiler();
  terminal.print(`Downloading ${spec}\n`);
  const files = await fetch(spec).then(readTarball, (error: unknown) => {
    throw new CommandError(`npm could not download ${spec}: ${firstLine(error)}`);
  });
  terminal.print(`Reading ${Object.keys(files).length} files\n`);
  const generated = await understood(spec, files, { name, docs });
  mkdirSync(out, { recursive: true });
  const file = join(out, `${name}.ts`);
  writeFileSync(file, generated.text);
  terminal.print(summary(file, generated));
}

/** The compiler is the user's own, so that the package needs none. */
async function requireCompiler(): Promise<void> {
  const compiler = await import('typescript').catch(() => undefined);
  if (typeof compiler?.default.createSourceFile === 'function') return;
  const found = compiler ? `version ${compiler.default.version}, which has no compiler API` : 'none';
  throw new CommandError(
    `Expected typescript 5 or 6 to be installed, got ${found}: npm install --save-dev typescript@6`,
  );
}

async function understood(
  spec: string,
  files: Readonly<Record<string, string>>,
  { name, docs }: Pick<Command, 'name' | 'docs'>,
): Promise<Generated> {
  const notOne = (reason: string): CommandError =>
    new CommandError(`${spec} is not the SDK of a product, or one of an unknown layout: ${reason}`);
  if (files['src/client.ts'] === undefined) throw notOne('it has no src/client.ts');
  // Loaded only now, when there is a compiler.
  const [{ generate }, { parsePackage }, { Refusal }] = await Promise.all([
    import('./generate.js'),
    import('./read-package.js'),
    import('./refusal.js'),
  ]);
  const manifest = JSON.parse(files['package.json'] ?? '{}') as { name?: string; version?: string };
  try {
    const source = parsePackage(manifest.name ?? spec, manifest.version ?? '', files);
    return generate(source, { name, product: name, runtime: 'rx-alicloud', docs });
  } catch (error) {
    throw error instanceof Refusal ? notOne(error.message) : error;
  }
}

function summary(file: string, { version, operations, refused }: Generated): string {
  const left = refused.map(({ method, reason }) => `  left out ${method}: ${reason}\n`).join('');
  return `${file}: ${operations} operations of version ${version}, ${refused.length} not understood\n${left}`;
}

async function fetchByNpm(spec: string): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'rx-alicloud-'));
  try {
    return await download(folder, spec);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of what npm wrote, the line that says what went wrong. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /npm error (?!code)(.+)/.exec(text)?.[1] ?? text.split('\n', 1)[0]!;
}
