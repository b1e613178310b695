import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import { installed, remove, run } from './packed.js';

const tsc = createRequire(__filename).resolve('typescript/bin/tsc');
const { accessKeyId, accessKeySecret } = emulatorCredentials;

describe.each(['^11.0.0', '^12.0.0'])('examples/nestjs, with NestJS %s', (version) => {
  let folder: string;
  beforeAll(() => {
    const packages = ['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}@${version}`);
    folder = installed(...packages, 'reflect-metadata@^0.2.2', '@types/node@^20.0.0');
    for (const file of [
      'main.ts',
      'app.module.ts',
      'instances.controller.ts',
      'instances.service.ts',
      'tsconfig.json',
    ]) {
      cpSync(resolve(__dirname, '../../examples/nestjs', file), join(folder, 'app', file));
    }
    cpSync(resolve(__dirname, '../../examples/nestjs/package.json'), join(folder, 'app/package.json'));
    expect(run(join(folder, 'app'), process.execPath, [tsc, '-p', '.'])).toBe('');
  }, 240_000);
  afterAll(() => remove(folder));

  it('answers, cancels the call of a browser that goes, and ends with its calls', async () => {
    let latency = 0;
    const emulator = createEmulator({ latency: () => latency });
    const { url: endpoint } = await emulator.listen();
    const ecs = new EcsClient({
      endpoint,
      regionId: 'cn-hangzhou',
      credentials: accessKey(accessKeyId, accessKeySecret),
    });
    await firstValueFrom(ecs.runInstances({ Amount: 2, InstanceName: 'web' }));
    await lastValueFrom(ecs.close(), { defaultValue: undefined });
    const app = spawn(process.execPath, [join(folder, 'app/dist/main.js')], {
      env: {
        ...process.env,
        PORT: '0',
        RX_ALICLOUD_EMULATOR_URL: endpoint,
        ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaints = '';
    app.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    app.once('exit', () => app.stdout.emit('data', Buffer.from(`ended: ${complaints}`)));
    const [printed] = (await once(app.stdout, 'data')) as [Buffer];
    const page = printed.toString().trim();
    expect(page).toMatch(/^http:.*\/instances$/);
    expect(await (await fetch(page)).json()).toEqual({ total: 2, names: ['web', 'web'] });

    latency = 600_000;
    const browser = request(page);
    browser.on('error', () => undefined).end();
    await until(() => emulator.activeRequests === 1);
    browser.destroy();
    // Its socket is closed: the emulator answers no longer.
    await until(() => emulator.activeRequests === 0);

    app.kill('SIGTERM');
    await once(app, 'exit');
    await emulator.close();
    expect(complaints).toBe('');
  });
});

/** Turn by turn of the event loop: what it waits for happens over sockets. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}
