import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { runGenerate, type Fetch } from '../../codegen/command.js';

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
    expect(printed.join('')).toMatch(/^Usage: rx-alicloud generate \[options\] \[packages\.\.\.\]\n/);
    expect(printed.join('')).toMatch(/--from <folder>[^]*--out <folder>[^]*--docs/);
    expect(errors).toEqual([]);
  });

  it.each([
    [['ecs'], 'Expected packages, such as @alicloud/ecs20140526, got ecs. See rx-alicloud generate --help.'],
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

  describe('for many packages', () => {
    const sts = '@alicloud/sts20150401';

    it('generates each, says what became of it, and ends with 1 where one was refused', async () => {
      const out = join(folder, 'src');
      const fetch: Fetch = (spec) => fetchInstalled(spec === '@alicloud/other20200101' ? sts : spec);
      const specs = [sts, '@alicloud/openapi-core', '@alicloud/other20200101', '@alicloud/nothing20200101'];
      expect(await generateFrom(fetch, ...specs, '--out', out)).toBe(1);
      expect(readdirSync(out).sort()).toEqual(['other.ts', 'sts.ts']);
      expect(errors).toEqual([
        expect.stringMatching(/^@alicloud\/openapi-core: refused: @alicloud\/openapi-core is not the SDK of a product/),
        expect.stringMatching(/^@alicloud\/nothing20200101: refused: npm could not download .*: 404 Not Found/),
      ]);
      expect(printed).toContain(`${join(out, 'sts.ts')}: 4 operations of version 2015-04-01, 0 not understood\n`);
      expect(printed.at(-1)).toMatch(/^4 packages: 2 generated, 2 refused; 8 operations, 0 left out\n$/);
    });

    it('ends with 0 where all was taken', async () => {
      const fetch: Fetch = () => fetchInstalled(sts);
      expect(await generateFrom(fetch, sts, '@alicloud/other20200101', '--out', folder)).toBe(0);
      expect(errors).toEqual([]);
    });

    it('goes on where what came is no package', async () => {
      const broken: Fetch = (spec) => (spec === sts ? fetchInstalled(spec) : Promise.resolve(Buffer.from('<html>')));
      expect(await generateFrom(broken, '@alicloud/a20200101', sts, '--out', folder)).toBe(1);
      expect(errors).toEqual([expect.stringMatching(/^@alicloud\/a20200101: refused: it is no tarball/)]);
      expect(readdirSync(folder)).toContain('sts.ts');
    });

    it('keeps versions of one product apart', async () => {
      const versions = ['@alicloud/sts20150401', '@alicloud/sts20160401'];
      const installed: Fetch = () => fetchInstalled(sts);
      expect(await generateFrom(installed, ...versions, '--out', join(folder, 'src'))).toBe(0);
      expect(readdirSync(join(folder, 'src'))).toEqual(['sts-20150401.ts', 'sts-20160401.ts']);
    });

    it("never writes over another package's file, or the user's own, and over its own again", async () => {
      const file = join(folder, 'sts.ts');
      for (const text of [
        'export const mine = 1;\n',
        '// Generated by codegen from @alicloud/sts20160401 1.0.0. Do not edit.\n',
      ]) {
        writeFileSync(file, text);
        errors = [];
        expect(await generateInto(sts, '--out', folder)).toBe(1);
        expect(errors).toEqual([`${sts}: refused: ${file} is there, and was not generated from ${sts}`]);
        expect(readFileSync(file, 'utf8')).toBe(text);
      }
      rmSync(file);
      expect(await generateInto(sts, '--out', folder)).toBe(0);
      expect(await generateInto(sts, '--out', folder)).toBe(0);
    });

    it('says where it can not write', async () => {
      const out = join(folder, 'file');
      writeFileSync(out, '');
      expect(await generateInto(sts, '--out', out)).toBe(1);
      expect(errors).toEqual([expect.stringContaining(`${sts}: refused: `)]);
    });
  });

  describe('from a folder', () => {
    const never: Fetch = (spec) => Promise.reject(new Error(`Nothing is to be downloaded, ${spec} neither`));
    const from = (...args: string[]): Promise<number> =>
      generateFrom(never, '--from', ...args, '--out', join(folder, 'out'));
    const made = (): string[] => readdirSync(join(folder, 'out')).sort();

    it.each([
      ['that is a package', resolve('node_modules/@alicloud/sts20150401')],
      ['of a scope', resolve('node_modules/@alicloud')],
      ['of a project', resolve('.')],
    ])('takes the package that is named: %s', async (_what, path) => {
      expect(await from(path, '@alicloud/sts20150401')).toBe(0);
      expect(made()).toEqual(['sts.ts']);
      expect(complaintsAbout(join(folder, 'out/sts.ts'))).toEqual([]);
    });

    it('takes all that are the SDK of a product where none is named, packed ones too', async () => {
      const packages = join(folder, 'packages');
      cpSync('node_modules/@alicloud/sts20150401', join(packages, 'deep/down'), { recursive: true });
      cpSync('node_modules/@alicloud/sts20150401', join(folder, 'other'), { recursive: true });
      writeFileSync(join(folder, 'other/package.json'), '{"name":"@alicloud/other20200101"}');
      cpSync('node_modules/@alicloud/openapi-core', join(packages, 'openapi-core'), { recursive: true });
      execFileSync('tar', ['-czf', join(packages, 'other.tgz'), '-C', folder, 'other']);
      expect(await from(packages)).toBe(0);
      expect(made()).toEqual(['other.ts', 'sts.ts']);
      expect(printed.at(-1)).toMatch(/^2 packages: 2 generated, 0 refused; /);
    });

    it.each<[string, string[], string]>([
      ['has none', [], 'There is no SDK of a product in '],
      ['does not have the one', ['@alicloud/ecs20140526'], 'There is no SDK called @alicloud/ecs20140526 in '],
    ])('says that it %s', async (_what, named, message) => {
      expect(await from(folder, ...named)).toBe(1);
      expect(errors.join('')).toContain(message + folder);
    });

    it('says that it is not there', async () => {
      expect(await from(join(folder, 'none'))).toBe(1);
      expect(errors).toEqual([`The folder ${join(folder, 'none')} can't be read (ENOENT).`]);
    });
  });
});
