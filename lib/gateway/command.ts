/** `rx-alicloud gateway`: a gateway as a program. */
import type { Command } from 'commander';
import { lastValueFrom } from 'rxjs';
import type { ClientOptions } from '../client-options.js';
import { CommandError, givenTo, readConfigFile, type Terminal } from '../command-line.js';
import { accessKey } from '../credentials/credentials.js';
import { defaultCredentials } from '../providers/default-credentials.js';
import { createEmulator } from '../testing/create-emulator.js';
import { emulatorCredentials } from '../testing/credentials.js';
import { execute, type Execute } from '../testing/execute.js';
import { readAllowList } from './allow-list.js';
import { addFlags, devOrigin, type Flags } from './flags.js';
import { createGateway, type Gateway } from './gateway.js';
import { createGatewayServer } from './node/gateway-server.js';
import type { GatewayOptions } from './options.js';

/** Adds the command and `gateway exec` to the program. */
export function addGateway(program: Command, terminal: Terminal, run: Execute = execute): Command {
  const gateway = addFlags(program.command('gateway'), 8081)
    .description('Runs a gateway on this machine, by which pages call without a key in them, until it is interrupted.')
    .allowExcessArguments(false)
    .action((flags: Flags) =>
      listening(flags, terminal, async (place) => {
        terminal.print(greeting(place));
        await terminal.interrupted;
        terminal.print('The gateway is closed.\n');
      }),
    );
  addFlags(gateway.command('exec'), 0)
    .description('Runs a command beside a gateway, which is closed when the command ends; its exit code is the same.')
    .argument('<command...>', 'the command and its arguments, behind --')
    .usage('[options] -- <command...>')
    .passThroughOptions()
    .action((words: readonly string[], own: Flags, { parent }: Command) =>
      listening({ ...own, ...givenTo<Flags>(parent) }, terminal, async ({ url, emulatorUrl }) => {
        const emulator = emulatorUrl === undefined ? {} : { RX_ALICLOUD_EMULATOR_URL: emulatorUrl };
        const environment = { RX_ALICLOUD_GATEWAY_URL: url, ...emulator };
        const code = await run(words, environment, terminal.interrupted);
        if (code !== 0) throw new CommandError('', code);
      }),
    );
  return gateway;
}

/** What the user is told. */
interface Place {
  /** Where pages call. */
  readonly url: string;
  readonly origins: readonly string[];
  readonly regionId: string | undefined;
  readonly operations: number;
  readonly emulatorUrl: string | undefined;
}

/** What listens is closed however `work` ends. */
async function listening(flags: Flags, terminal: Terminal, work: (place: Place) => Promise<void>): Promise<void> {
  const config = await readConfig(flags.config);
  if (config.authorize === undefined) {
    if (!isLoopback(flags.host)) throw new CommandError(openToOthers(flags.host));
    terminal.printError(openToThisMachine);
  }
  const emulator = flags.emulator === true ? createEmulator() : undefined;
  try {
    const emulatorUrl = (await emulator?.listen())?.url;
    const options = await optionsOf(flags, config, emulatorUrl);
    const { origins, allow, regions } = options;
    await serving(flags, { warn: (text) => terminal.printError(text), ...options }, (url) =>
      work({ url, origins, regionId: regions?.[0], operations: allow.length, emulatorUrl }),
    );
  } finally {
    await emulator?.close();
  }
}

async function serving(flags: Flags, options: GatewayOptions, work: (url: string) => Promise<void>): Promise<void> {
  const { path = '/api/alicloud' } = options;
  // The hosts that it is called by are known when it listens, as port 0 is any free one. Requests are read after that.
  let gateway!: Gateway;
  const server = createGatewayServer({
    path,
    handle: (request, info) => gateway.handle(request, info),
    refuse: (code, info, message) => gateway.refuse(code, info, message),
  });
  const { url, port } = await server.listen(flags.port, flags.host);
  try {
    gateway = createGateway({ ...options, hosts: options.hosts ?? hostsOf(options.origins, flags.host, port) });
    await work(`${url}${path}`);
    await lastValueFrom(gateway.close({ timeout: closeTimeout }), { defaultValue: undefined });
  } finally {
    await server.close();
  }
}

/** How long calls that are under way may take at the end, in milliseconds. */
const closeTimeout = 10_000;

/** Those of the pages, whose dev servers hand requests on, and the gateway's own. */
function hostsOf(origins: readonly string[], host: string, port: number): readonly string[] {
  const own = [
    host.includes(':') ? `[${host}]` : host,
    ...(isLoopback(host) ? ['127.0.0.1', 'localhost', '[::1]'] : []),
  ];
  return [
    ...new Set([
      ...origins.flatMap((origin) => (URL.canParse(origin) ? [new URL(origin).host] : [])),
      ...own.map((name) => `${name}:${port}`),
    ]),
  ];
}

async function optionsOf(flags: Flags, config: Config, emulatorUrl: string | undefined): Promise<GatewayOptions> {
  const regions = flags.regions ?? config.regions ?? (emulatorUrl === undefined ? undefined : ['cn-hangzhou']);
  return {
    authorize: () => ({ id: 'this-machine' }),
    ...config,
    client: emulatorUrl === undefined ? (config.client ?? accountOf(regions)) : emulatorAt(emulatorUrl, regions),
    origins: flags.origin ?? config.origins ?? [devOrigin],
    allow: await allowedBy(flags, config),
    ...(regions === undefined ? {} : { regions }),
    ...(flags.path === undefined ? {} : { path: flags.path }),
  };
}

function accountOf(regions: readonly string[] | undefined): ClientOptions {
  const [regionId] = regions ?? [];
  if (regionId !== undefined) return { regionId, credentials: defaultCredentials() };
  throw new CommandError('Expected --regions, such as --regions cn-hangzhou, or --emulator.');
}

function emulatorAt(endpoint: string, regions: readonly string[] = []): ClientOptions {
  const { accessKeyId, accessKeySecret } = emulatorCredentials;
  return { endpoint, regionId: regions[0], credentials: accessKey(accessKeyId, accessKeySecret) };
}

async function allowedBy({ allow: texts, emulator }: Flags, config: Config): Promise<GatewayOptions['allow']> {
  if (texts !== undefined) return readAllowList(texts);
  if (config.allow !== undefined) return config.allow;
  if (emulator !== true) {
    throw new CommandError(
      'Expected --allow, such as --allow Ecs:DescribeInstances,Ecs:DescribeRegions, or --emulator.',
    );
  }
  // What an emulator makes up is no secret.
  return (await readAllowList(['Ecs:*'])).map((operation) => ({ operation, limits: {}, returnsSecrets: true }));
}

/** What a file says of the options; flags go before it. */
type Config = Partial<GatewayOptions>;

async function readConfig(file: string | undefined): Promise<Config> {
  const config = await readConfigFile(file, 'createGateway');
  for (const name of ['origins', 'regions', 'allow']) {
    if (config[name] === undefined || Array.isArray(config[name])) continue;
    throw new CommandError(`Expected \`${name}\` of ${file} to be an array.`);
  }
  // What else is in it is checked by `createGateway`.
  return config;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function openToOthers(host: string): string {
  return `Without \`authorize\` in a --config file, whoever reaches ${host} could call with the credentials of this machine. The gateway listens on a loopback interface only, such as 127.0.0.1, or with \`authorize\`.`;
}

const openToThisMachine =
  'CAUTION: there is no `authorize` in a --config file: every program and everybody on this machine may call what is allowed.';

/** Gives what pages and their dev servers are told. */
function greeting({ url, origins, regionId, operations, emulatorUrl }: Place): string {
  const { origin, pathname } = new URL(url);
  const upstream = emulatorUrl === undefined ? 'Alibaba Cloud' : `the emulator on ${emulatorUrl}`;
  return `The gateway listens on ${url}
for pages of ${origins.join(', ')}; ${operations} operations of ${upstream} may be called.

  const client = new EcsClient({ gateway: '${pathname}', regionId: '${regionId}' });

The page's own server hands ${pathname} on to ${origin}.
Ctrl-C closes it.
`;
}
