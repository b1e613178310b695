/** What may lie where a file with credentials is expected, and what a program may print. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { CredentialsProvider } from '../../lib/credentials/credentials.js';
import { chain } from '../../lib/providers/chain.js';
import { cliProfile } from '../../lib/providers/cli-profile.js';
import { iniProfile } from '../../lib/providers/ini-profile.js';
import { oidcRole } from '../../lib/providers/oidc-role.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { errorOf, given, Machine, messageOf, shownOf } from './support.js';

const secret = 'hunter2Secret';
const roleArn = 'acs:ram::1234567890123456:role/reader';
const { transport } = createEmulator();

interface Kind {
  readonly provider: (file: string) => CredentialsProvider;
  /** A proper one. */
  readonly content: string;
  /** What is said of one that is empty. */
  readonly empty: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  "the CLI's": {
    provider: (file) => cliProfile({ file }),
    content: JSON.stringify(
      { profiles: [{ name: 'default', mode: 'AK', access_key_id: 'id', access_key_secret: secret }] },
      null,
      2,
    ),
    empty: 'expected a JSON object, got an empty file',
  },
  "the SDKs'": {
    provider: (file) => iniProfile({ file }),
    content: `[default]\ntype = access_key\naccess_key_id = id\naccess_key_secret = ${secret}\n`,
    empty: 'there is no such profile in the file, got an empty file',
  },
  'that of a token': {
    provider: (tokenFile) => oidcRole({ tokenFile, roleArn, oidcProviderArn: 'arn', transport }),
    content: 'e30.e30.hunter2Secret\n',
    empty: 'expected a token of visible ASCII characters, got none',
  },
};

const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('a file with credentials', () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.end());

  describe.each(Object.entries(kinds))('%s', (_whose, { provider, content, empty }) => {
    it.each<[string, string]>([
      ['as it is', content],
      ['after a byte order mark', `\uFEFF${content}`],
      ['with the line breaks of Windows', content.replaceAll('\n', '\r\n')],
      ['with those of older machines', content.replaceAll('\n', '\r')],
      ['without the last one', content.trimEnd()],
      ['with more of them', `\n\n${content}\n\n`],
    ])('is read %s', async (_how, text) => {
      expect(await given(provider(machine.write('file', text)))).toHaveProperty('accessKeyId');
    });

    it.each<[string, string | Buffer, string]>([
      ['nothing', '', empty],
      ['white space', ' \r\n', empty],
      ['UTF-16', Buffer.concat([Buffer.of(0xff, 0xfe), utf16le(content)]), 'it is UTF-16 or binary, expected UTF-8'],
      ['UTF-16, big endian', utf16le(`\uFEFF${content}`).swap16(), 'it is UTF-16 or binary, expected UTF-8'],
      ['UTF-16 without a mark', utf16le(content), 'it is UTF-16 or binary, expected UTF-8'],
      ['another encoding', Buffer.from(`${content}é`, 'latin1'), 'it is no valid UTF-8'],
      ['too much', content + '\n'.repeat(1 << 20), 'it holds more than 1 MiB'],
    ])('that holds %s is refused', async (_what, bytes, reason) => {
      const file = machine.write('file', bytes);
      const error = await errorOf(provider(file));
      expect(error).toMatchObject({ code: 'SDK.CredentialsUnavailable' });
      expect(error.message).toContain(`${file}: ${reason}`);
      expect(shownOf(error)).not.toContain(secret);
    });

    it.each<[string, (path: string) => string, string]>([
      ['nothing', (path) => path, 'there is no such file'],
      [
        'a file in place of a folder on the way',
        (path) => join(machine.write('in-between', ''), path),
        'there is no such file',
      ],
      ['a folder', (path) => (mkdirSync(path), path), 'it is a folder, expected a file'],
      ['a device without an end', () => '/dev/zero', 'it holds more than 1 MiB'],
    ])('where there is %s is refused', async (_what, make, reason) => {
      const file = make(join(machine.home, 'file'));
      const error = await errorOf(provider(file));
      expect(error).toMatchObject({ code: 'SDK.CredentialsUnavailable' });
      expect(error.message).toContain(`${file}: ${reason}`);
    });

    it('that may not be read is refused', async () => {
      const file = machine.write('file', content);
      chmodSync(file, 0);
      // Who may read everything gets what is in it.
      const isRoot = process.getuid?.() === 0;
      if (isRoot) expect(await given(provider(file))).toHaveProperty('accessKeyId');
      else expect(await messageOf(provider(file))).toContain(`${file}: this process may not read it (EACCES)`);
    });
  });

  it.each<[string, () => string]>([
    ['', () => ''],
    [
      'an error',
      () => {
        throw new Error('uv_os_homedir returned ENOENT (no such file or directory)');
      },
    ],
  ])('is looked for in no home directory where that is %j', async (_what, homedir) => {
    jest.mocked(os.homedir).mockImplementation(homedir);
    const expected = 'there is no home directory; expected the variable HOME, or the option `file`';
    expect(await errorOf(cliProfile())).toMatchObject({
      code: 'SDK.CredentialsUnavailable',
      message: `~/.aliyun/config.json: ${expected}`,
    });
    expect(await errorOf(iniProfile())).toMatchObject({
      code: 'SDK.CredentialsUnavailable',
      message: `~/.alibabacloud/credentials: ${expected}`,
    });
    const file = machine.write('file', kinds["the SDKs'"]?.content ?? '');
    expect(await given(chain({ cli: cliProfile(), ini: iniProfile({ file }) }))).toMatchObject({ accessKeyId: 'id' });
  });
});

describe('a program that gives credentials', () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.end());

  const printed = JSON.stringify({ access_key_id: 'id', access_key_secret: secret });

  function printing(bytes: string | Buffer): CredentialsProvider {
    const file = machine.write('printed', bytes);
    const script = machine.write(
      'program.js',
      `process.stdout.write(require('fs').readFileSync(${JSON.stringify(file)}))`,
    );
    return running(`"${process.execPath}" "${script}"`);
  }

  function running(process_command: string): CredentialsProvider {
    const profile = { name: 'default', mode: 'External', process_command };
    return cliProfile({ file: machine.write('config.json', JSON.stringify({ profiles: [profile] })) });
  }

  it.each([
    ['as it is', printed],
    ['after a byte order mark', `\uFEFF${printed}`],
    ['over several lines', `\r\n${printed}\r\n`],
  ])('is understood: %s', async (_how, bytes) => {
    expect(await given(printing(bytes))).toMatchObject({ accessKeyId: 'id' });
  });

  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'expected it to print a JSON object'],
    [
      'UTF-16',
      Buffer.concat([Buffer.of(0xff, 0xfe), utf16le(printed)]),
      'what it printed: it is UTF-16 or binary, expected UTF-8',
    ],
    ['another encoding', Buffer.from(`${printed}é`, 'latin1'), 'what it printed: it is no valid UTF-8'],
    ['too much', printed + ' '.repeat(1 << 20), 'it printed more than 1 MiB'],
    ['half', printed.slice(0, -5), 'expected it to print a JSON object'],
  ])('is refused where it prints %s', async (_what, bytes, reason) => {
    const error = await errorOf(printing(bytes));
    expect(error).toMatchObject({ code: 'SDK.CredentialsUnavailable' });
    expect(error.message).toContain(`the program of process_command: ${reason}`);
    expect(shownOf(error)).not.toContain(secret);
  });

  it.each<[string, () => string, string]>([
    ['no program', () => machine.write('data', 'x'), 'this process may not execute it (EACCES)'],
    ['a folder', () => machine.home, 'this process may not execute it (EACCES)'],
    ['not there', () => join(machine.home, 'none'), 'there is no such program'],
    ['not named', () => '""', 'expected a program and its arguments, every quote closed'],
  ])('is refused where it is %s', async (_what, command, reason) => {
    const error = await errorOf(running(command()));
    expect(error).toMatchObject({ code: 'SDK.CredentialsUnavailable' });
    expect(error.message).toContain(`the program of process_command: ${reason}`);
  });

  it('gets its arguments as they are quoted', async () => {
    const script = machine.write(
      'program.sh',
      `#!/bin/sh\nprintf '{"access_key_id":"%s","access_key_secret":"%s"}' "$1" "$2"\n`,
    );
    chmodSync(script, 0o755);
    expect(execFileSync(script, ['a', 'b']).toString()).toContain('"a"');
    const command = `${script} \\\n  'one'"\\$two" \\\n  "three\\\n_four"`;
    expect(await given(running(command))).toMatchObject({ accessKeyId: 'one$two', accessKeySecret: 'three_four' });
  });
});
