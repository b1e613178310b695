// A new Angular app, made by its CLI, with the packed package and what `ng add` writes: built for production with rendering on
// the server and without a warning, served with a gateway in front of an emulator, and opened in Chromium. Not part of
// `npm test`, as it installs Angular. `-- --angular 20.3.32` takes another version; `-- --zone` lets Zone.js in.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: {
    angular: { type: 'string', default: '21.2.24' },
    zone: { type: 'boolean', default: false },
    /** Another Node, such as 22 asks for. */
    node: { type: 'string', default: process.execPath },
  },
});
const { angular: version, zone } = values;
const home = resolve('.cache/angular', `${version}${zone ? '-zone' : ''}`);
const app = join(home, 'app');
const env = { ...process.env, NG_CLI_ANALYTICS: 'false', PATH: `${resolve(values.node, '..')}:${process.env.PATH}` };

// What must be found nowhere.
const secrets = { accessKeyId: 'LTAIneverInAPage', accessKeySecret: 'neverInAPageSecret' };

const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];

const browserArgs = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const component = `
import { Component, computed } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { AlicloudClient } from 'rx-alicloud';
import { alicloudResource, injectAlicloud } from 'rx-alicloud/angular';
import { describeInstances, describeRegions } from 'rx-alicloud/ecs';

@Component({
  selector: 'app-root',
  template: \`
    <p>{{ names().length }} instances: {{ names().join(', ') }}; {{ regions()?.Regions?.Region?.length }} regions</p>
    <p id="status">{{ instances.status() }}</p>
    <button id="reload" (click)="instances.reload()">Reload</button>
  \`,
})
export class App {
  // Renders end while they are watched.
  readonly watched = toSignal(injectAlicloud(AlicloudClient).stats$);
  readonly instances = alicloudResource(describeInstances, () => ({ PageSize: 10 }));
  readonly names = computed(() =>
    this.instances.hasValue() ? (this.instances.value()?.Instances?.Instance ?? []).map((each) => each.InstanceName) : [],
  );
  readonly regions = toSignal(injectAlicloud(AlicloudClient).call(describeRegions));
}
`;

// Compiled by the app's own TypeScript, in its strictest mode, with the types of this version of Angular.
const types = `
import { inject, Injector, type Signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import type { AlicloudError } from 'rx-alicloud';
import { alicloudItems, alicloudResource, injectAlicloud, type AlicloudResourceRef } from 'rx-alicloud/angular';
import { provideAlicloudTesting } from 'rx-alicloud/angular/testing';
import { describeInstances, EcsClient, type DescribeInstancesResponse } from 'rx-alicloud/ecs';
import { createEmulator } from 'rx-alicloud/testing';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_is: Same<A, B>): void => undefined;

export function check(): void {
  const injected = inject(EcsClient);
  const got = inject(Injector).get(EcsClient);
  const lazily = injectAlicloud(EcsClient);
  same<typeof injected, EcsClient>(true);
  same<typeof got, EcsClient>(true);
  same<typeof lazily, EcsClient>(true);
  // @ts-expect-error -- there is no such method.
  injected.describeInstence({});
  // @ts-expect-error -- there is no such field.
  got.describeInstances({ PageSise: 1 });

  const list = alicloudResource(describeInstances, () => ({ PageSize: 1 }));
  same<typeof list, AlicloudResourceRef<DescribeInstancesResponse | undefined>>(true);
  same<typeof list.error, Signal<AlicloudError | undefined>>(true);
  if (list.hasValue()) list.value().TotalCount?.toString();
  const filled = alicloudItems(describeInstances, () => ({}), { limit: 3, defaultValue: [] });
  filled.value().map(({ InstanceId }) => InstanceId);
  // @ts-expect-error -- there is no such field.
  alicloudResource(describeInstances, () => ({ PageSise: 1 }));
  const plain = rxResource({ stream: () => lazily.describeInstances({}) });
  plain.value()?.TotalCount?.toString();
  provideAlicloudTesting(createEmulator());
}
`;

const server = `
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { accessKey } from 'rx-alicloud';
import { describeInstances, describeRegions, EcsClient } from 'rx-alicloud/ecs';
import { createGateway } from 'rx-alicloud/gateway';
import { createNodeHandler } from 'rx-alicloud/gateway/node';
import { createEmulator } from 'rx-alicloud/testing';
import { reqHandler } from './dist/app/server/server.mjs';

const { accessKeyId, accessKeySecret } = process.env;
const emulator = createEmulator({ credentials: { accessKeyId, accessKeySecret } });
const client = new EcsClient({ regionId: 'cn-hangzhou', credentials: accessKey(accessKeyId, accessKeySecret), transport: emulator.transport });
for (const InstanceName of ['web-1', 'web-2']) await firstValueFrom(client.runInstances({ InstanceName }));
let total = 0;
let browser = 0;
let handle;
const http = createServer((request, response) => {
  if (request.url === '/calls') return response.end(JSON.stringify({ total, browser }));
  if (request.url.startsWith('/api/alicloud')) {
    total++;
    if (request.headers.origin !== undefined) browser++;
    return handle(request, response);
  }
  return reqHandler(request, response);
});
http.listen(0, '127.0.0.1', () => {
  const origin = 'http://localhost:' + http.address().port;
  const gateway = createGateway({
    client,
    regions: ['cn-hangzhou'],
    origins: [origin],
    allow: [describeInstances, describeRegions],
    authorize: () => ({ id: 'anyone' }),
  });
  handle = createNodeHandler(gateway);
  console.log('listening ' + origin);
});
`;

let failures = 0;
function check(what, holds, detail = '') {
  console.log(`${holds ? '✓' : '✗'} ${what}`);
  if (holds) return;
  failures++;
  if (detail !== '') console.log(String(detail).replace(/^/gm, '    '));
}

function run(cwd, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

makeApp();
addPackage();
const typed = spawnSync('npx', ['tsc', '-p', 'tsconfig.app.json', '--noEmit'], { cwd: app, env, encoding: 'utf8' });
check('types are what they should be, and mistakes do not compile', typed.status === 0, typed.stdout);
const built = run(app, 'npx', ['ng', 'build']);
check('it is built without a warning', !/warning/i.test(built), built);
const bundle = readTree(join(app, 'dist/app/browser'));
check('no key is in the bundle', !Object.values(secrets).some((secret) => bundle.includes(secret)));
await openApp();
process.exitCode = failures === 0 ? 0 : 1;

function makeApp() {
  rmSync(app, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const overrides = { 'msgpackr-extract': '3.0.4', rollup: '4.67.4', rolldown: '1.2.19' };
  if (!existsSync(join(home, 'node_modules/@angular/cli'))) {
    writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, overrides }));
    run(home, 'npm', ['install', `@angular/cli@${version}`, ...quietly]);
  }
  const flags = ['--defaults', '--skip-git', '--skip-install', '--style=css', '--ssr=true', '--skip-tests'];
  run(home, 'npx', ['ng', 'new', 'app', '--directory=app', zone ? '--no-zoneless' : '--zoneless', ...flags]);
  const file = join(app, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const kind of ['dependencies', 'devDependencies']) {
    for (const name of Object.keys(manifest[kind])) {
      if (name.startsWith('@angular/')) manifest[kind][name] = version;
      // Tests are not run here.
      if (/^(jasmine|karma|@types\/jasmine|vitest|jsdom|prettier)/.test(name)) delete manifest[kind][name];
    }
  }
  writeFileSync(file, JSON.stringify({ ...manifest, overrides: { 'msgpackr-extract': '3.0.4', rollup: '4.67.4' } }));
}

function addPackage() {
  const [{ filename }] = JSON.parse(run('.', 'npm', ['pack', '--json', '--silent', '--pack-destination', home]));
  run(app, 'npm', ['install', join(home, filename), ...quietly]);
  const add = ['ng', 'add', 'rx-alicloud', '--skip-confirmation', '--defaults'];
  const said = run(app, 'npx', add);
  const config = readFileSync(join(app, 'src/app/app.config.ts'), 'utf8');
  check(
    'ng add has written the two lines',
    config.includes('provideHttpClient(withFetch())') &&
      config.includes("provideAlicloud({ regionId: 'cn-hangzhou' }, withGateway('/api/alicloud'))"),
    said + config,
  );
  const { architect } = JSON.parse(readFileSync(join(app, 'angular.json'), 'utf8')).projects.app;
  check(
    'ng add has set the proxy',
    architect.serve.options?.proxyConfig === 'proxy.conf.json',
    JSON.stringify(architect.serve),
  );
  const before = fingerprint();
  run(app, 'npx', add);
  check('ng add changes nothing the second time', fingerprint() === before);

  writeFileSync(join(app, 'src/app/app.ts'), component);
  writeFileSync(join(app, 'src/types.ts'), types);
  rmSync(join(app, 'src/app/app.html'), { force: true });
  const routes = join(app, 'src/app/app.routes.server.ts');
  writeFileSync(routes, readFileSync(routes, 'utf8').replace('RenderMode.Prerender', 'RenderMode.Server'));
  writeFileSync(join(app, 'serve.mjs'), server);
}

async function openApp() {
  const program = spawn(values.node, ['serve.mjs'], {
    cwd: app,
    env: { ...env, ...secrets, NG_ALLOWED_HOSTS: 'localhost' },
  });
  let said = '';
  const lines = [];
  const begun = new Promise((listening, failed) => {
    program.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
      const url = /listening (\S+)/.exec(said)?.[1];
      if (url !== undefined) listening(url);
    });
    program.on('exit', () => failed(new Error(said + lines.join(''))));
  });
  program.stderr.setEncoding('utf8').on('data', (text) => lines.push(text));
  const url = await begun;
  const { stdout: executablePath } = spawnSync(process.execPath, ['scripts/chromium.mjs'], { encoding: 'utf8' });
  const browser = await chromium.launch({ executablePath: executablePath.trim(), args: browserArgs });
  try {
    const calls = async () => (await fetch(`${url}/calls`)).json();
    // A render that waits for the statistics never ends.
    const rendered = await (await fetch(url, { signal: AbortSignal.timeout(60_000) })).text();
    check('the server shows the instances', rendered.includes('web-1') && rendered.includes('2 instances'), rendered);
    check('the server shows what a plain toSignal(call) has', /\d+ regions/.test(rendered), rendered);
    const page = await browser.newPage();
    const traffic = [];
    const complaints = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) =>
      traffic.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? ''),
    );
    page.on('response', (response) => {
      traffic.push(JSON.stringify(response.headers()));
      response.text().then(
        (text) => traffic.push(text),
        () => undefined,
      );
    });
    const before = await calls();
    await page.goto(url, { waitUntil: 'networkidle' });
    const after = await calls();
    check('a page costs two calls, both of the server', after.total - before.total === 2, JSON.stringify(after));
    check('the page shows the instances', (await page.textContent('app-root')).includes('2 instances'));
    await page.click('#reload');
    await page.waitForFunction(() => document.querySelector('#status').textContent === 'resolved');
    // The click is answered by the app, and not by what the server rendered of it.
    let fromBrowser = 0;
    for (let turn = 0; fromBrowser === 0 && turn < 600; turn++) {
      await page.waitForTimeout(50);
      fromBrowser = (await calls()).browser;
    }
    check('and calls when it is told to, from the browser', fromBrowser === 1, fromBrowser);
    await page.waitForLoadState('networkidle');
    check('nothing complains in the browser', complaints.length === 0, complaints.join('\n'));
    check('no key is in the traffic', !Object.values(secrets).some((secret) => traffic.join('\n').includes(secret)));
    check('nothing complains on the server', lines.length === 0, lines.join(''));
  } finally {
    await browser.close();
    program.removeAllListeners('exit');
    program.kill();
  }
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['angular.json', 'package.json', 'proxy.conf.json', 'src/app/app.config.ts']) {
    hash.update(readFileSync(join(app, file)));
  }
  return hash.digest('hex');
}

function readTree(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}
