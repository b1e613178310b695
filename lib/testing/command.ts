/** `rx-alicloud emulator`: the emulator as a program. */
import type { Command } from 'commander';
import { CommandError, givenTo, type Terminal } from '../command-line.js';
import { defaultCredentials } from '../providers/default-credentials.js';
import { createEmulator } from './create-emulator.js';
import type { EmulatorCredentials } from './credentials.js';
import { execute, type Execute, type Variables } from './execute.js';
import { addFlags, credentialsOf, emulatorOptions, type Flags } from './flags.js';
import { record } from './recording/record.js';
import { replay } from './recording/replay.js';
import type { Serving } from './recording/serving.js';

/** Adds the command and `emulator exec` to the program. */
export function addEmulator(program: Command, terminal: Terminal, run: Execute = execute): Command {
  const emulator = addFlags(program.command('emulator'), 8080)
    .description("Runs an emulator of Alibaba Cloud's OpenAPI on this machine, until it is interrupted.")
    .allowExcessArguments(false)
    .action((flags: Flags) =>
      listening(flags, async (url) => {
        terminal.print(greeting(url, credentialsOf(flags)));
        await terminal.interrupted;
        terminal.print('The emulator is closed.\n');
      }),
    );
  addFlags(emulator.command('exec'), 0)
    .description('Runs a command beside an emulator, which is closed when the command ends; its exit code is the same.')
    .argument('<command...>', 'the command and its arguments, behind --')
    .usage('[options] -- <command...>')
    .passThroughOptions()
    .action((words: readonly string[], own: Flags, { parent }: Command) => {
      const flags = { ...own, ...givenTo<Flags>(parent) };
      return listening(flags, async (url) => {
        const code = await run(words, environmentOf(url, credentialsOf(flags)), terminal.interrupted);
        if (code !== 0) throw new CommandError('', code);
      });
    });
  return emulator;
}

/** What listens is closed however `work` ends. */
async function listening(flags: Flags, work: (url: string) => Promise<void>): Promise<void> {
  const server = serverOf(flags);
  const { url } = await server.listen(flags.port, flags.host);
  try {
    await work(url);
  } finally {
    await server.close();
  }
}

/** An emulator, or the services, or what was recorded of them. */
function serverOf(flags: Flags): Serving {
  const { record: to, replay: from, upstream } = flags;
  if (upstream !== undefined && to === undefined) throw new CommandError('--upstream is for --record.');
  if (from !== undefined) return replay({ from });
  if (to === undefined) return createEmulator(emulatorOptions(flags));
  const where = upstream === undefined ? {} : { upstream };
  return record({ to, ...where, callers: credentialsOf(flags), credentials: defaultCredentials() });
}

/** What a command finds in its environment: where the emulator is, and the credentials, under the names that all SDKs read. */
export function environmentOf(url: string, credentials: EmulatorCredentials): Variables {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  return {
    RX_ALICLOUD_EMULATOR_URL: url,
    // As the official SDKs take an endpoint.
    RX_ALICLOUD_EMULATOR_ENDPOINT: new URL(url).host,
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    // One of a real account must not get there.
    ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
    ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
  };
}

function greeting(url: string, { accessKeyId, accessKeySecret, securityToken }: EmulatorCredentials): string {
  const credentials =
    securityToken === undefined
      ? `accessKey('${accessKeyId}', '${accessKeySecret}')`
      : `stsToken('${accessKeyId}', '${accessKeySecret}', '${securityToken}')`;
  return `The emulator listens on ${url}

  import { EcsClient } from 'rx-alicloud/ecs';
  import { ${credentials.slice(0, credentials.indexOf('('))} } from 'rx-alicloud';

  const client = new EcsClient({
    endpoint: '${url}',
    regionId: 'cn-hangzhou',
    credentials: ${credentials},
  });
  client.describeRegions({}).subscribe(console.log);

Ctrl-C closes it.
`;
}
