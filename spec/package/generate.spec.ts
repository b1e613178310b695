import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { emptyFolder, filesUnder, installed, remove, run } from './packed.js';
import { openRegistry, type Registry } from './registry.js';

const require = createRequire(__filename);
const typescript = dirname(require.resolve('typescript/package.json'));
const name = '@alicloud/lantern20300101';

describe('the program, in a project of its own', () => {
  let folder: string;
  let official: string;
  let registry: Registry;

  beforeAll(async () => {
    folder = installed();
    symlinkSync(typescript, join(folder, 'node_modules/typescript'), 'junction');
    official = emptyFolder();
    registry = await openRegistry(name, '1.2.3', packOfficial(official), join(official, 'cache'));
  }, 60_000);
  afterAll(async () => {
    await registry?.close();
    for (const each of [folder, official]) remove(each);
  });

  it('generates a product that the package does not bring: strict, and at work with the emulator', async () => {
    const program = join(folder, 'node_modules/rx-alicloud/dist/cli.js');
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'generate', name, '--out', 'clients'], {
      cwd: folder,
      env: { ...process.env, ...registry.env },
    });
    expect(stdout).toContain('lantern.ts: 4 operations of version 2030-01-01, 0 not understood');
    expect(readdirSync(join(folder, 'clients'))).toEqual(['lantern.ts']);

    const compilerOptions = {
      target: 'es2022',
      module: 'nodenext',
      lib: ['es2022', 'dom'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      skipLibCheck: false,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['generated.ts'] }));
    expect(run(folder, process.execPath, [join(typescript, 'bin/tsc'), '-p', '.'])).toBe('');
    expect(JSON.parse(run(folder, process.execPath, ['generated.js']))).toEqual({
      inProcess: 'one',
      chan: 'two',
      sample: 'string',
      refusal: 'SignatureDoesNotMatch',
      calls: 2,
    });
  }, 60_000);
});

/** An official package under another name and version, so that nothing knows it. The tarball's path. */
function packOfficial(into: string): string {
  const folder = join(into, 'package');
  cpSync(dirname(require.resolve('@alicloud/sts20150401/package.json')), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', files: ['src'] }));
  for (const file of filesUnder(join(folder, 'src'))) {
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll('2015-04-01', '2030-01-01').replaceAll('"Sts"', '"Lantern"'),
    );
  }
  const tarball = run(folder, 'npm', ['pack', '--silent', '--pack-destination', into]).trim();
  return join(into, tarball);
}
