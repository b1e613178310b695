import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { emptyFolder, filesUnder, installed, remove, run } from './packed.js';
import { openRegistry, type Registry } from './registry.js';

const require = createRequire(__filename);
const usable = require('typescript/package.json') as { readonly version: string };
const name = '@alicloud/lantern20300101';

describe('the program, in a project whose TypeScript has no compiler API', () => {
  let folder: string;
  let official: string;
  let registry: Registry;

  beforeAll(async () => {
    folder = installed('typescript@latest');
    official = emptyFolder();
    registry = await openRegistry(
      [
        { name, version: '1.2.3', tarball: packOfficial(official) },
        { name: 'typescript', version: usable.version, tarball: packInstalled('typescript', official) },
      ],
      join(official, 'cache'),
    );
  }, 120_000);
  afterAll(async () => {
    await registry?.close();
    for (const each of [folder, official]) remove(each);
  });

  it('generates a product that the package does not bring: strict, and at work with the emulator', async () => {
    const program = join(folder, 'node_modules/rx-alicloud/dist/cli.js');
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'generate', name, '--out', 'clients'], {
      cwd: folder,
      env: { ...process.env, ...registry.env, XDG_CACHE_HOME: official },
    });
    const cached = join(official, 'rx-alicloud', 'typescript-6');
    expect(stdout).toContain(`in this project: installing typescript@6 into ${cached}, this once`);
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
    expect(run(folder, join('node_modules', '.bin', 'tsc'), ['-p', '.'])).toBe('');
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
  return packFolder(folder, into);
}

function packInstalled(name: string, into: string): string {
  return packFolder(dirname(require.resolve(`${name}/package.json`)), into);
}

function packFolder(folder: string, into: string): string {
  const tarball = run(folder, 'npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', into]).trim();
  return join(into, tarball);
}
