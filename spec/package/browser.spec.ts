import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';
import { of, type Observable } from 'rxjs';
import type { HttpRequest, HttpResponse } from '../../lib/transport/transport.js';
import { installed, remove, run } from './packed.js';

const esbuild = resolve(__dirname, '../../node_modules/esbuild/bin/esbuild');
const kilobyte = 1024;

describe('an app of one call, bundled for a browser', () => {
  let folder: string;
  let warnings: string;
  let code: string;
  let inputs: string[];
  let metafile: Metafile;
  /** Of the same app, cut where it loads more on demand. */
  let split: Metafile;
  /** Of one that calls through a gateway, cut likewise; and without RxJS. */
  let throughGateway: Metafile;

  const sizeOf = (path: string): number => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length;
  const sum = (paths: readonly string[]): number => paths.reduce((size, path) => size + sizeOf(path), 0);
  const readMetafile = (name: string): Metafile => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Metafile;

  beforeAll(() => {
    folder = installed();
    const bundle = (app: string, ...options: string[]): string =>
      run(folder, esbuild, [app, ...options, '--bundle', '--platform=browser', '--format=esm', '--minify']);
    warnings = bundle('browser.ts', '--outfile=app.js', '--metafile=meta.json', '--log-level=warning');
    code = readFileSync(join(folder, 'app.js'), 'utf8');
    metafile = readMetafile('meta.json');
    inputs = Object.keys(metafile.inputs);
    const cut = (app: string, name: string, ...options: string[]): Metafile => {
      bundle(app, '--splitting', `--outdir=${name}`, `--metafile=${name}.json`, '--log-level=warning', ...options);
      return readMetafile(`${name}.json`);
    };
    split = cut('browser.ts', 'split');
    throughGateway = cut('gateway.ts', 'gateway');
    cut('gateway.ts', 'gateway-alone', '--external:rxjs');
    bundle('gateway.ts', '--outfile=gateway-app.js', '--log-level=warning');
  }, 60_000);
  afterAll(() => remove(folder));

  it('builds without a warning', () => {
    expect(warnings).toBe('');
  });

  it('needs nothing from outside: no built-in of Node, no package left out', () => {
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
    expect(inputs.filter((path) => !/^(browser\.ts$|node_modules\/)/.test(path))).toEqual([]);
  });

  it("takes axios' side for browsers", () => {
    const axios = inputs.filter((path) => path.startsWith('node_modules/axios/'));
    expect(axios).toContain('node_modules/axios/lib/platform/browser/index.js');
    expect(axios.filter((path) => /platform\/node|adapters\/http\.js|\.cjs$/.test(path))).toEqual([]);
  });

  it('takes our side for browsers, as ES modules', () => {
    const ours = inputs.filter((path) => path.startsWith('node_modules/rx-alicloud/'));
    expect(ours).toContain('node_modules/rx-alicloud/dist/platform/browser.js');
    expect(ours.filter((path) => /platform\/node|testing|\/cli\.|\.cjs$/.test(path))).toEqual([]);
  });

  it('holds each package once', () => {
    const folders = inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
    const names = [...new Set(folders)].map((path) => path.replace(/^.*node_modules\//, ''));
    expect(names).toEqual([...new Set(names)]);
    expect(names).toEqual(expect.arrayContaining(['axios', 'rx-alicloud', 'rxjs']));
  });

  it('holds its one operation, and the table of no other', () => {
    expect(code).toContain('DescribeRegions');
    expect(code).not.toMatch(/DescribeInstances|RunInstances|AssumeRole|DescribeClusters/);
  });

  it('is small, with what signs, and without what few calls need', () => {
    const loaded = loadedFor(split, 'browser.ts', 'direct.js');
    const gzipped = sum(loaded);
    const later = Object.fromEntries(
      Object.entries(split.outputs).flatMap(([path, { entryPoint }]) =>
        loaded.includes(path) ? [] : [[entryPoint ?? path, sizeOf(path)]],
      ),
    );
    mkdirSync('.cache', { recursive: true });
    const report = { gzipped, later, parts: partsOf(split, loaded), whole: gzipSync(code, { level: 9 }).length };
    writeFileSync('.cache/browser-size.json', JSON.stringify(report, null, 2));
    const onDemand = Object.entries(later).map(([path, size]) => `${basename(path)} ${kB(size)}`);
    const overHttp = sum(loadedFor(split, 'browser.ts', 'direct.js', 'hashing-in-page.js'));
    process.stderr.write(
      `    one ECS call for a browser: ${kB(gzipped)} gzipped, ${kB(overHttp)} over plain HTTP; on demand ${onDemand.join(', ')}\n`,
    );
    expect(gzipped).toBeLessThan(40 * kilobyte);
    // A page over plain HTTP has no hashing of its own, and loads some.
    expect(overHttp - gzipped).toBeGreaterThan(2 * kilobyte);
    expect(overHttp).toBeLessThan(44 * kilobyte);
  });

  it('is smaller through a gateway: at most 30 KB of ours, and RxJS', () => {
    const loaded = loadedFor(throughGateway, 'gateway.ts', 'gateway.js');
    const ours = sum(loadedFor(readMetafile('gateway-alone.json'), 'gateway.ts', 'gateway.js'));
    const whole = sum(loaded);
    const parts = partsOf(throughGateway, loaded);
    // io-ts explains what does not fit, on demand.
    expect(Object.keys(parts).sort()).toEqual(['app', 'rx-alicloud', 'rxjs', 'tslib']);
    process.stderr.write(
      `    through a gateway: ${kB(ours)} ours, ${kB(whole - ours)} RxJS with tslib, no io-ts, no axios: ${kB(whole)}\n`,
    );
    expect(ours).toBeLessThan(30 * kilobyte);
    expect(whole).toBeLessThan(36 * kilobyte);
  });

  it('holds nothing that signs, hashes, finds hosts, writes parameters or reads credentials, through a gateway', () => {
    const foundIn = (paths: readonly string[], words: readonly string[]): string[] => {
      const loadedCode = paths.map((path) => readFileSync(join(folder, path), 'utf8')).join('\n');
      return words.filter((word) => loadedCode.includes(word));
    };
    const signing = ['ACS3-HMAC-SHA256', 'x-acs-content-sha256', '.aliyuncs.com`', 'application/x-www-form-urlencoded'];
    const credentials = ['accessKeySecret', 'securityToken', 'bearerToken'];
    const all = [...signing, ...credentials];
    expect(foundIn(loadedFor(split, 'browser.ts', 'direct.js'), all)).toEqual(all);
    expect(foundIn(loadedFor(throughGateway, 'gateway.ts', 'gateway.js'), all)).toEqual([]);
    // Nor with the first failure, or the first answer in pieces.
    const later = loadedFor(throughGateway, 'gateway.ts', 'gateway.js', 'features.js', 'paging.js');
    expect(foundIn(later, signing)).toEqual([]);
    const inputs = later.flatMap((path) => Object.keys(throughGateway.outputs[path]?.inputs ?? {}));
    expect(inputs.filter((path) => /direct|sha256|credentials/.test(path))).toEqual([]);
  });

  it("loads axios' adapter for uploads, what reads lists, and what few calls need, on demand", () => {
    const atOnce = loadedFor(split, 'browser.ts');
    const inputsOf = (path: string): string[] => Object.keys(split.outputs[path]?.inputs ?? {});
    expect(atOnce.flatMap(inputsOf).filter((path) => /axios|(features|paging)\.js/.test(path))).toEqual([]);
    const entries = Object.values(split.outputs).map(({ entryPoint }) => basename(entryPoint ?? ''));
    expect(entries).toEqual(expect.arrayContaining(['features.js', 'paging.js', 'xhr.js']));
  });

  it('refuses what it would lose, taken into a server', () => {
    // An ES module, as its bundle is one.
    copyFileSync(join(folder, 'app.js'), join(folder, 'server.mjs'));
    expect(() => run(folder, 'env', ['HTTPS_PROXY=http://proxy:3128', process.execPath, 'server.mjs'])).toThrow(
      /Expected `HTTPS_PROXY` to be read by this package's side for Node, got its side for browsers: bundle with the condition `node`/,
    );
  });

  it('runs where there is nothing of Node', async () => {
    const requests: HttpRequest[] = [];
    const transport = {
      send(request: HttpRequest): Observable<HttpResponse> {
        requests.push(request);
        return of({
          status: 200,
          headers: {},
          body: '{"RequestId":"1","Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}',
        });
      },
    };
    const { regions } = runInBrowser(code, { transport });
    await expect(regions).resolves.toMatchObject({ Regions: { Region: [{ RegionId: 'cn-hangzhou' }] } });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers.authorization).toMatch(/^ACS3-HMAC-SHA256 /);
  });

  it('runs there through a gateway, too', async () => {
    const requests: HttpRequest[] = [];
    const transport = {
      send(request: HttpRequest): Observable<HttpResponse> {
        requests.push(request);
        return of({ status: 200, headers: {}, body: '{"RequestId":"1"}' });
      },
    };
    const { regions } = runInBrowser(readFileSync(join(folder, 'gateway-app.js'), 'utf8'), { transport });
    await expect(regions).resolves.toMatchObject({ RequestId: '1' });
    expect(requests).toMatchObject([{ method: 'POST', url: '/api/alicloud/Ecs/2014-05-26/DescribeRegions' }]);
  });
});

interface Page {
  readonly [name: string]: unknown;
  readonly regions?: Promise<unknown>;
}

/** A context with what browsers have, and no `process`, `Buffer`, `require` or `global`. */
function runInBrowser(code: string, globals: Page): Page {
  const { AbortController, TextDecoder, TextEncoder, URL, URLSearchParams, crypto } = globalThis;
  const timers = { clearInterval, clearTimeout, setInterval, setTimeout };
  const web = { AbortController, TextDecoder, TextEncoder, URL, URLSearchParams, crypto, ...timers };
  const context: Page = { ...web, ...globals };
  runInNewContext(`{${code}}`, context);
  return context;
}

/** The app's file, these that it loads on demand, and all that they import. */
function loadedFor({ outputs }: Metafile, app: string, ...onDemand: string[]): string[] {
  const isLoaded = (entryPoint = ''): boolean => entryPoint === app || onDemand.includes(basename(entryPoint));
  const loaded = new Set(Object.keys(outputs).filter((path) => isLoaded(outputs[path]?.entryPoint)));
  for (const path of loaded) {
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) loaded.add(imported);
    }
  }
  return [...loaded];
}

/** How many bytes of these files each package makes. */
function partsOf({ outputs }: Metafile, files: readonly string[]): Record<string, number> {
  const parts: Record<string, number> = {};
  const inputs = files.flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}));
  for (const [path, { bytesInOutput }] of inputs) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? 'app';
    parts[name] = (parts[name] ?? 0) + bytesInOutput;
  }
  return parts;
}

function kB(bytes: number): string {
  return `${(bytes / kilobyte).toFixed(1)} KB`;
}
