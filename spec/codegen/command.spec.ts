import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { runGenerate, usage, type Fetch } from '../../codegen/command.js';

let folder: string;
let printed: string[];
let errors: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'generate-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  printed = [];
  errors = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** In place of the registry: the packages that are installed. */
function fetchInstalled(spec: string): Promise<Uint8Array> {
  const name = spec.replace(/^@alicloud\//, '').replace(/@.*$/, '');
  const file = join(folder, 'package.tgz');
  try {
    execFileSync('tar', ['-czf', file, '-C', 'node_modules/@alicloud', name], { stdio: 'pipe' });
    return Promise.resolve(readFileSync(file));
  } catch {
    return Promise.reject(
      new Error(`Command failed: npm pack\nnpm error code E404\nnpm error 404 Not Found - ${spec}`),
    );
  }
}

function generateInto(...args: string[]): Promise<number> {
  return generateFrom((spec) => fetchInstalled(spec), ...args);
}

function generateFrom(fetch: Fetch, ...args: string[]): Promise<number> {
  const terminal = {
    print: (text: string) => void printed.push(text),
    printError: (text: string) => void errors.push(text),
  };
  return runGenerate(args, terminal, fetch);
}

/** What the compiler says of the file, in a project that is as strict as can be. */
function complaintsAbout(file: string): string[] {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    paths: { 'rx-alicloud': [resolve('lib/index.ts')], '#platform': [resolve('lib/platform/browser.ts')] },
    typeRoots: [],
  });
  const source = program.getSourceFile(file);
  return ts
    .getPreEmitDiagnostics(program, source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the command `generate`', () => {
  it('writes a client that compiles, and says what it did', async () => {
    const out = join(folder, 'src/clients');
    expect(await generateInto('@alicloud/sts20150401@1.2.0', '--out', out)).toBe(0);
    expect(errors).toEqual([]);
    const file = join(out, 'sts.ts');
    expect(printed).toEqual([
      'Downloading @alicloud/sts20150401@1.2.0\n',
      expect.stringMatching(/^Reading \d+ files\n$/),
      `${file}: 4 operations of version 2015-04-01, 0 not understood\n`,
    ]);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(`type ServiceDefinition } from 'rx-alicloud';\n`);
    expect(text).not.toContain('The ID of the request');
    expect(complaintsAbout(file)).toEqual([]);
  });

  it('carries the documentation over where that is asked for', async () => {
    expect(await generateInto('@alicloud/sts20150401', '--out', folder, '--docs')).toBe(0);
    const file = join(folder, 'sts.ts');
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/ {2}\/\*\*\n {3}\* .+\n(?: {3}\*.*\n)* {3}\* @example\n {3}\* .+\n {3}\*\/\n {2}\w+\??: /);
    expect(text).not.toContain('This parameter is required.');
    expect(complaintsAbout(file)).toEqual([]);
  });

  it.each([
    ['ecs20140526@^7.1.0', 'ecs.ts'],
    ['r-kvstore20150101', 'r-kvstore.ts'],
    ['nbf-vpc-cloud20211115_131123360', 'nbf-vpc-cloud.ts'],
    ['tea_like', 'tea-like.ts'],
  ])('calls the file of %s %s: by the product, without the date', async (spec, file) => {
    const sts = () => fetchInstalled('@alicloud/sts20150401');
    expect(await generateFrom(sts, `@alicloud/${spec}`, '--out', join(folder, 'src'))).toBe(0);
    expect(readdirSync(join(folder, 'src'))).toEqual([file]);
  });

  it.each([[['--help']], [['@alicloud/ecs20140526', '-h']], [[]]])('explains itself for %j', async (args) => {
    expect(await generateInto(...args)).toBe(0);
    expect(printed).toEqual([usage]);
  });

  it.each([
    [['ecs'], 'Expected one package, such as @alicloud/ecs20140526, got ecs. See rx-alicloud generate --help.'],
    [['@alicloud/a', '@alicloud/b'], 'got @alicloud/a @alicloud/b.'],
    [['@alicloud/a; rm -rf .'], 'got @alicloud/a; rm -rf ..'],
    [['--out', 'x'], 'got none.'],
    [['@alicloud/a', '--language', 'go'], '--language'],
    [['@alicloud/nothing20200101'], 'npm could not download @alicloud/nothing20200101: 404 Not Found'],
    [['@alicloud/openapi-core'], '@alicloud/openapi-core is not the SDK of a product, or one of an unknown layout: '],
    [['@alicloud/endpoint-util'], '@alicloud/endpoint-util is not the SDK of a product, or one of an unknown layout: '],
  ])('ends with 1 and says why for %j', async (args, message) => {
    expect(await generateInto(...args)).toBe(1);
    expect(errors.join('\n')).toContain(message);
  });
});
