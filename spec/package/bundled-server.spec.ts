/** A bundle for a server, as Angular makes one: undici is in it, and does what it does where it is installed. */
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ForwardProxy } from '../transport/forward-proxy.js';
import { fixture, Loopback } from '../transport/support.js';
import { emptyFolder, remove } from './packed.js';

const program = `
import { AlicloudClient, accessKey } from 'rx-alicloud';
import { lastValueFrom, toArray } from 'rxjs';

const [, , endpoint, options] = process.argv;
const client = new AlicloudClient({ regionId: 'cn-hangzhou', endpoint, credentials: accessKey('id', 'secret'), retry: false, ...JSON.parse(options) });
const service = { product: 'Ecs', version: '2014-05-26', endpoints: { prefix: 'ecs', rule: 'regional', regions: {} } };
const outcome = (call) => lastValueFrom(call).catch(({ code, systemCode }) => [code, systemCode]);
const read = { service, action: 'DescribeZones', response: 'a' };
const bytes = { service, action: 'GetBytes', path: '/bytes', method: 'GET', responseType: 'bytes' };
const told = (value) => (value?.N === undefined ? value : String(value.N));
console.log(JSON.stringify([
  await outcome(client.call(read, {})).then(told),
  await outcome(client.call(bytes, {}, { observe: 'stream' }).pipe(toArray())).then((pieces) => Buffer.concat(pieces).length).catch(() => 0),
]));
await lastValueFrom(client.close(), { defaultValue: undefined });
`;

describe('a bundle for a server that holds undici', () => {
  const root = resolve(__dirname, '../..');
  const opened: { close: () => Promise<unknown> }[] = [];
  let folder: string;
  let code: string;

  beforeAll(async () => {
    folder = emptyFolder();
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: root },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      // As Angular's build for servers has them.
      conditions: ['es2020', 'module', 'node'],
      tsconfigRaw: '{}',
      logLevel: 'silent',
    });
    code = String(outputFiles[0]?.text);
    writeFileSync(join(folder, 'server.mjs'), code);
  });
  afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));
  afterAll(() => remove(folder));

  async function outcomeOf(endpoint: string, options: object = {}, file = 'server.mjs'): Promise<unknown> {
    const args = [file, endpoint, JSON.stringify(options)];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  async function targetOf(scheme: 'http' | 'https'): Promise<{ readonly server: Loopback; readonly url: string }> {
    const tls = { key: fixture('server.key'), cert: fixture('server.pem') };
    const server = new Loopback(
      ({ url }, response) => response.end(url === '/bytes' ? Buffer.alloc(300_000) : '{"N":9007199254740993}'),
      scheme === 'https' ? tls : undefined,
    );
    opened.push(server);
    return { server, url: await server.listen() };
  }

  const ca = String(fixture('ca.pem'));
  const good = ['9007199254740993', 300_000];

  it('is small enough for a function, with the ES modules of RxJS and io-ts', async () => {
    // As docs/installing.md says.
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: root },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      minify: true,
      mainFields: ['module', 'main'],
      alias: { rxjs: './node_modules/rxjs/dist/esm/index.js' },
      absWorkingDir: root,
      tsconfigRaw: '{}',
      logLevel: 'silent',
    });
    const text = outputFiles[0]?.text ?? '';
    expect(text.length).toBeLessThan(304 * 1024);
    writeFileSync(join(folder, 'function.mjs'), text);
    const { server, url } = await targetOf('http');
    expect(await outcomeOf(url, {}, 'function.mjs')).toEqual(good);
    expect(server.accepted).toBe(1);
  });

  it('has it inlined, and asks for no package', () => {
    expect(code).not.toMatch(/from ["']undici|require\(["']undici/);
    expect(code).toContain('UND_ERR_');
  });

  it('calls over HTTP, on one connection, and ends by itself', async () => {
    const { server, url } = await targetOf('http');
    expect(await outcomeOf(url)).toEqual(good);
    expect(server.seen.map(({ method, url: path }) => `${method} ${path}`)).toEqual(['POST /', 'GET /bytes']);
    expect(server.accepted).toBe(1);
  });

  it('calls over HTTPS, where it is told whom to trust, and else says whom it does not', async () => {
    const { server, url } = await targetOf('https');
    expect(await outcomeOf(url)).toEqual([['SDK.NetworkError', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'], 0]);
    expect(server.seen).toEqual([]);
    expect(await outcomeOf(url, { tls: { ca } })).toEqual(good);
  });

  it.each(['http', 'https'] as const)('calls over %s through a proxy', async (scheme) => {
    const { server, url } = await targetOf(scheme);
    const proxy = new ForwardProxy(server.port);
    opened.push(proxy);
    const options = { proxy: `http://me:hunter2@${await proxy.listen()}`, tls: { ca } };
    expect(await outcomeOf(url, options)).toEqual(good);
    expect(proxy.asked.length).toBeGreaterThan(0);
    for (const { authorization } of proxy.asked) {
      expect(authorization).toBe(`Basic ${Buffer.from('me:hunter2').toString('base64')}`);
    }
  });
});
