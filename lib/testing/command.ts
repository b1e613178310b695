/** `rx-alicloud emulator`: the emulator as a program. */
import { parseArgs } from 'node:util';
import { isAlicloudError } from '../errors.js';
import { createEmulator } from './create-emulator.js';
import { emulatorCredentials } from './credentials.js';

/** What a program has around it. */
export interface Terminal {
  print(text: string): void;
  printError(text: string): void;
  /** Settles when the user wants the program to end. */
  interrupted: Promise<unknown>;
}

/** Runs until it is interrupted. Resolves with the exit code: 0, or 1 where it could not do what was asked. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const command = parse(args);
    if (command === 'help') terminal.print(usage);
    else await emulate(command, terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError) && !isAlicloudError(error)) throw error;
    terminal.printError(error.message);
    return 1;
  }
}

export const usage = `Usage: rx-alicloud emulator [options]

Runs an emulator of Alibaba Cloud's OpenAPI on this machine.

Options:
  --port <number>      port to listen on, 0 for any free one (default: 8080)
  --host <name>        interface to listen on (default: 127.0.0.1)
  --latency <ms>       how long every answer is held back (default: 0)
  --boot-time <ms>     how long an instance takes to start (default: 200)
  -h, --help           show this

Another command, rx-alicloud generate, generates the client of a product: see rx-alicloud generate --help.
`;

class UsageError extends Error {}

interface Command {
  readonly port: number;
  readonly host: string;
  readonly latency: number;
  readonly bootTime: number;
}

function parse(args: readonly string[]): Command | 'help' {
  const { values, positionals } = parseStrictly(args);
  if (values.help || args.length === 0) return 'help';
  if (positionals.join(' ') !== 'emulator') {
    throw new UsageError(
      `Expected the command emulator, got ${positionals.join(' ') || 'none'}. See rx-alicloud --help.`,
    );
  }
  return {
    port: numberOf('port', values.port),
    host: values.host,
    latency: numberOf('latency', values.latency),
    bootTime: numberOf('boot-time', values['boot-time']),
  };
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '8080' },
        host: { type: 'string', default: '127.0.0.1' },
        latency: { type: 'string', default: '0' },
        'boot-time': { type: 'string', default: '200' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}. See rx-alicloud --help.`);
  }
}

function numberOf(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(
    `Expected --${name} to be a whole number >= 0, got ${text || 'nothing'}. See rx-alicloud --help.`,
  );
}

async function emulate({ port, host, latency, bootTime }: Command, terminal: Terminal): Promise<void> {
  const emulator = createEmulator({ latency, bootTime });
  const { url } = await emulator.listen(port, host);
  terminal.print(greeting(url));
  await terminal.interrupted;
  await emulator.close();
  terminal.print('The emulator is closed.\n');
}

function greeting(url: string): string {
  const { accessKeyId, accessKeySecret } = emulatorCredentials;
  return `The emulator listens on ${url}

  import { EcsClient } from 'rx-alicloud/ecs';
  import { accessKey } from 'rx-alicloud';

  const client = new EcsClient({
    endpoint: '${url}',
    regionId: 'cn-hangzhou',
    credentials: accessKey('${accessKeyId}', '${accessKeySecret}'),
  });
  client.describeRegions({}).subscribe(console.log);

Ctrl-C closes it.
`;
}
