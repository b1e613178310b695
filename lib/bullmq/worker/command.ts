/** `rx-alicloud worker`: a worker as a program. */
import { Option, type Command } from 'commander';
import { distinctUntilChanged, filter, lastValueFrom, map } from 'rxjs';
import { defineClient, type AlicloudClient } from '../../client.js';
import type { ClientOptions } from '../../client-options.js';
import {
  addOptions,
  CommandError,
  entryOf,
  list,
  readConfigFile,
  wholeNumber,
  type Terminal,
} from '../../command-line.js';
import { messageOf } from '../../errors.js';
import { defaultCredentials } from '../../providers/default-credentials.js';
import type { AlicloudWorkerOptions } from './options.js';

/** As commander gives them. */
interface Flags {
  readonly redis?: string;
  readonly queue?: string;
  readonly prefix?: string;
  readonly concurrency?: number;
  readonly products?: readonly string[];
  readonly region?: string;
  readonly endpoint?: string;
  readonly timeout?: number;
  readonly config?: string;
}

/** Adds the command to the program. */
export function addWorker(program: Command, terminal: Terminal): Command {
  const command = program
    .command('worker')
    .description(
      'Makes the calls of a queue in Redis with the credentials of this machine, until it is interrupted; then it finishes what runs, and a second interruption cuts that off.',
    )
    .allowExcessArguments(false);
  return addOptions(command, 'RX_ALICLOUD_WORKER', flags).action((given: Flags) => run(given, terminal));
}

const flags: readonly Option[] = [
  new Option('--redis <url>', 'where the queue is; without it, redis://127.0.0.1:6379'),
  new Option('--queue <name>', 'what it is called; without it, rx-alicloud'),
  new Option('--prefix <text>', 'what its keys begin with; without it, bull'),
  new Option('--concurrency <number>', 'how many calls to make at a time; without it, 5').argParser(wholeNumber),
  new Option(
    '--products <names>',
    'whose calls to make, with commas between, such as Ecs,Vpc or Agency/2021-06-09',
  ).argParser(list),
  new Option('--region <id>', 'the region of calls that name none, such as cn-hangzhou'),
  new Option('--endpoint <url>', "sends all calls there, in place of the products' own hosts"),
  new Option(
    '--timeout <ms>',
    'how long what runs may take at the end, in milliseconds; without it, as long as it takes',
  ).argParser(wholeNumber),
  new Option('--config <file>', 'an ES module whose default export is options of alicloudWorker, such as clients'),
];

async function run(given: Flags, terminal: Terminal): Promise<void> {
  // What else is in it is checked by `alicloudWorker`.
  const config: Partial<AlicloudWorkerOptions> = await readConfigFile(given.config, 'alicloudWorker');
  const clients = given.products === undefined ? config.clients : await clientsOf(given.products, given);
  if (clients === undefined) throw new CommandError('Expected --products, such as --products Ecs, or --config.');
  const { alicloudWorker } = await withBullmq(() => import('./worker.js'));
  const url = given.redis ?? (config.connection === undefined ? 'redis://127.0.0.1:6379' : undefined);
  const worker = alicloudWorker({
    ...config,
    // One of the two is there.
    connection: url === undefined ? config.connection! : connectionTo(url),
    clients,
    ...(given.queue === undefined ? {} : { queueName: given.queue }),
    ...(given.prefix === undefined ? {} : { prefix: given.prefix }),
    ...(given.concurrency === undefined ? {} : { concurrency: given.concurrency }),
  });
  try {
    worker.events$
      .pipe(
        filter((event) => event.type === 'error'),
        map(({ error }) => messageOf(error)),
        // While Redis is away, one line says so.
        distinctUntilChanged(),
      )
      .subscribe((message) => terminal.printError(message));
    worker.ready().subscribe({
      next: () => terminal.print(greeting(worker.name, given.queue ?? config.queueName, clients)),
      // It is closed before there is a connection.
      error: () => undefined,
    });
    const ended = lastValueFrom(worker.events$, { defaultValue: undefined }).then(() => true);
    const endedByItself = await Promise.race([ended, terminal.interrupted.then(() => false)]);
    if (endedByItself) throw new CommandError('The worker has ended, as a client of it was closed.');
    const { timeout } = given;
    const closed = lastValueFrom(worker.close(timeout === undefined ? {} : { timeout }), { defaultValue: undefined });
    terminal.print('What runs is finished; a second interruption cuts it off.\n');
    void terminal.interrupted.then(() => worker.close({ mode: 'abort' }));
    await closed;
    terminal.print('The worker is closed.\n');
  } finally {
    for (const client of clients) client.close();
  }
}

async function clientsOf(
  products: readonly string[],
  { region: regionId, endpoint }: Flags,
): Promise<readonly AlicloudClient[]> {
  const credentials = defaultCredentials();
  const options: ClientOptions = { credentials, regionId, endpoint };
  const entries = products.map((text) => {
    const [, product, version] = /^([\w-]+)(?:\/([\d-]+))?$/.exec(text) ?? [];
    if (product === undefined) throw new CommandError(`Expected --products to have names such as Ecs, got ${text}.`);
    return entryOf(product, version);
  });
  return Promise.all(entries.map(async ({ load }) => new (defineClient(await load()))(options)));
}

/** The address may have a password in it, and is not shown. */
function connectionTo(url: string): AlicloudWorkerOptions['connection'] {
  if (URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)) return { url };
  throw new CommandError('Expected --redis to be a URL such as redis://127.0.0.1:6379.');
}

/** BullMQ and its client are installed by those who need them. */
async function withBullmq<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new CommandError(
      `A worker needs BullMQ and a client of Redis: npm install bullmq ioredis. ${messageOf(error)}`,
    );
  }
}

function greeting(name: string, queue = 'rx-alicloud', clients: readonly AlicloudClient[]): string {
  const of = clients.map((client) => client.constructor.name.replace(/Client$/, '')).join(', ');
  return `The worker ${name} makes the calls of the queue ${queue}: ${of}.\nCtrl-C ends it when what runs has ended.\n`;
}
