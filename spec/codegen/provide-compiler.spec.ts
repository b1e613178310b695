import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilerPlaces, findCompiler, provideCompiler, type CompilerPlaces } from '../../codegen/provide-compiler.js';

let folder: string;
let places: CompilerPlaces;
let told: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compiler-'));
  places = { project: join(folder, 'project'), cache: join(folder, 'caches/typescript-6') };
  mkdirSync(places.project);
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const tell = (text: string): void => void told.push(text);

function putTypescript(into: string, version: string): void {
  const at = join(into, 'node_modules/typescript');
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name: 'typescript', version }));
}

describe('findCompiler', () => {
  it.each(['5.4.2', '5.9.3', '6.0.3'])("takes the project's own: %s", (version) => {
    putTypescript(places.project, version);
    putTypescript(places.cache, '6.0.1');
    expect(findCompiler(places).found?.version).toBe(version);
  });

  it.each(['4.9.5', '5.3.3', '7.0.2', '8.0.0'])('takes the cached one instead of %s', (version) => {
    putTypescript(places.project, version);
    expect(findCompiler(places)).toEqual({ unusable: version });
    putTypescript(places.cache, '6.0.1');
    expect(findCompiler(places)).toMatchObject({ unusable: version, found: { version: '6.0.1' } });
  });

  it('finds what stands above the project, as Node does', () => {
    putTypescript(folder, '5.9.3');
    expect(findCompiler(places).found?.version).toBe('5.9.3');
  });
});

describe('provideCompiler', () => {
  const installing = (version: string) => (into: string) => {
    putTypescript(into, version);
    return Promise.resolve();
  };

  it('installs nothing where the project has one', async () => {
    putTypescript(places.project, '5.4.5');
    await provideCompiler(places, tell, () => Promise.reject(new Error('installed')));
    expect(told).toEqual([]);
  });

  it.each([
    [undefined, 'No typescript is'],
    ['7.0.2', 'Only typescript 7.0.2, without a usable API, is'],
  ])('installs one into the cache, once, and says so: the project has %s', async (own, why) => {
    if (own !== undefined) putTypescript(places.project, own);
    await provideCompiler(places, tell, installing('6.0.3'));
    expect(findCompiler(places).found?.version).toBe('6.0.3');
    await provideCompiler(places, tell, () => Promise.reject(new Error('installed again')));
    expect(told).toEqual([`${why} in this project: installing typescript@6 into ${places.cache}, this once\n`]);
    expect(readdirSync(join(folder, 'caches'))).toEqual(['typescript-6']);
  });

  it('replaces what is in the cache and is no compiler', async () => {
    mkdirSync(join(places.cache, 'node_modules'), { recursive: true });
    await provideCompiler(places, tell, installing('6.0.3'));
    expect(findCompiler(places).found?.version).toBe('6.0.3');
  });

  it('says what npm said, and leaves nothing half done', async () => {
    const install = (into: string): Promise<void> => {
      mkdirSync(join(into, 'node_modules'));
      return Promise.reject(new Error('Command failed: npm install\nnpm error code ENOTFOUND\nnpm error no such host'));
    };
    await expect(provideCompiler(places, tell, install)).rejects.toThrow(
      'Expected typescript >=5.4 <7 to read packages with, got none, and npm could not install it: no such host',
    );
    expect(readdirSync(join(folder, 'caches'))).toEqual([]);
    expect(existsSync(places.cache)).toBe(false);
  });
});

describe('compilerPlaces', () => {
  it('keeps to the cache folder that the environment names', () => {
    expect(compilerPlaces({ XDG_CACHE_HOME: folder }).cache).toBe(join(folder, 'rx-alicloud', 'typescript-6'));
    expect(compilerPlaces({ XDG_CACHE_HOME: '' }).cache).not.toContain(folder);
  });
});
