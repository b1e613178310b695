import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { createProgram, runProgram } from '../../../lib/command-line.js';
import { accessKey } from '../../../lib/credentials/credentials.js';
import { EcsClient } from '../../../lib/services/ecs.js';
import { addEmulator } from '../../../lib/testing/command.js';
import { createEmulator, emulatorCredentials, type Recording } from '../../../lib/testing/index.js';

const real = { accessKeyId: 'LTAI5tRecordedKeyId', accessKeySecret: 'the-secret-of-the-real-account' };

describe('the command `emulator`, recording and replaying', () => {
  const environment = { ...process.env };
  let folder: string;
  let file: string;
  let errors: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-alicloud-'));
    file = join(folder, 'ecs.json');
    errors = [];
    process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = real.accessKeyId;
    process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = real.accessKeySecret;
  });
  afterEach(() => {
    process.env = { ...environment };
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the command, and `session` against it; then it ends. */
  function run(args: readonly string[], session?: (url: string) => Promise<unknown>): Promise<number> {
    let printed = '';
    const terminal = {
      print: (text: string) => void (printed += text),
      printError: (text: string) => void errors.push(text),
      get interrupted() {
        return session?.(/http:\S+/.exec(printed)?.[0] ?? '') ?? Promise.resolve();
      },
    };
    const program = createProgram(terminal);
    addEmulator(program, terminal);
    return runProgram(program, ['emulator', '--port', '0', ...args], terminal);
  }

  async function regionsAt(endpoint: string): Promise<unknown> {
    const { accessKeyId, accessKeySecret } = emulatorCredentials;
    const ecs = new EcsClient({
      endpoint,
      regionId: 'cn-hangzhou',
      credentials: accessKey(accessKeyId, accessKeySecret),
    });
    const regions = await firstValueFrom(ecs.describeRegions({}));
    await lastValueFrom(ecs.close(), { defaultValue: undefined });
    return regions;
  }

  it('signs with the credentials of the machine, writes a file when it ends, and answers from it', async () => {
    const cloud = createEmulator({ credentials: real });
    const { url: upstream } = await cloud.listen();
    const answers: unknown[] = [];
    const session = async (url: string): Promise<unknown> => answers.push(await regionsAt(url));
    expect(await run(['--record', file, '--upstream', upstream], session)).toBe(0);
    await cloud.close();
    expect(cloud.executions.map(({ accessKeyId }) => accessKeyId)).toEqual([real.accessKeyId]);
    const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
    expect(exchanges.map(({ request }) => request.action)).toEqual(['DescribeRegions']);
    expect(readFileSync(file, 'utf8')).not.toMatch(/LTAI5t|the-secret|emulator-access-key/);

    expect(await run(['--replay', file], session)).toBe(0);
    expect(answers[1]).toEqual(answers[0]);
    expect(errors).toEqual([]);
  });

  it.each([
    [['--record', 'a.json', '--replay', 'a.json'], /cannot be used with option '--replay/],
    [['--upstream', 'http://127.0.0.1:1'], /^--upstream is for --record\.$/],
    [['--record', 'a.json', '--upstream', 'no host'], /^Expected `upstream` to be a host/],
    [['--replay', 'none.json'], /^Expected `from` to be a file with a recording, got ENOENT/],
  ])('refuses %j', async (args, message) => {
    expect(await run(args)).toBe(1);
    expect(errors.join('\n')).toMatch(message);
  });
});
