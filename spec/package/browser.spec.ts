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

  const readMetafile = (name: string): Metafile => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Metafile;

  beforeAll(() => {
    folder = installed();
    const bundle = (...options: string[]): string =>
      run(folder, esbuild, ['browser.ts', ...options, '--bundle', '--platform=browser', '--format=esm', '--minify']);
    warnings = bundle('--outfile=app.js', '--metafile=meta.json', '--log-level=warning');
    code = readFileSync(join(folder, 'app.js'), 'utf8');
    metafile = readMetafile('meta.json');
    inputs = Object.keys(metafile.inputs);
    bundle('--splitting', '--outdir=split', '--metafile=split.json', '--log-level=warning');
    split = readMetafile('split.json');
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

  it('is small, without what few calls need', () => {
    const sizeOf = (path: string): number => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length;
    const atOnce = loadedAtOnce(split);
    const gzipped = atOnce.reduce((sum, path) => sum + sizeOf(path), 0);
    const later = Object.fromEntries(
      Object.entries(split.outputs).flatMap(([path, { entryPoint }]) =>
        atOnce.includes(path) ? [] : [[entryPoint ?? path, sizeOf(path)]],
      ),
    );
    mkdirSync('.cache', { recursive: true });
    const report = { gzipped, later, parts: partsOf(split, atOnce), whole: gzipSync(code, { level: 9 }).length };
    writeFileSync('.cache/browser-size.json', JSON.stringify(report, null, 2));
    const onDemand = Object.entries(later).map(([path, size]) => `${basename(path)} ${kB(size)}`);
    process.stderr.write(`    one ECS call for a browser: ${kB(gzipped)} gzipped; on demand ${onDemand.join(', ')}\n`);
    expect(gzipped).toBeLessThan(40 * kilobyte);
  });

  it("loads axios' adapter for uploads, what reads lists, and what few calls need, on demand", () => {
    const atOnce = loadedAtOnce(split);
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

/** The app's file, and all that it imports at once. */
function loadedAtOnce({ outputs }: Metafile): string[] {
  const loaded = new Set(Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === 'browser.ts'));
  for (const path of loaded) {
    for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement') loaded.add(imported);
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
