/** A queue of BullMQ as those who make calls need it, and its connections: those that it opens itself, it closes. */
import { Job, Queue, QueueEvents, type ConnectionOptions, type QueueEventsListener } from 'bullmq';
import { defer, from, ignoreElements, race, tap, timer, type Observable } from 'rxjs';
import type { FleetStats } from '../events/events.js';
import { keysOf, type QueueKeys } from './job.js';
import { scripts, type ScriptName } from './scripts.js';

export interface FleetQueueOptions {
  readonly connection: ConnectionOptions;
  readonly queueName: string;
  readonly prefix: string;
  /** In milliseconds. */
  readonly keepResultFor: number;
}

/** What is to be told: what becomes of jobs, and when there is a connection again. */
export interface FleetQueueListener {
  readonly events: Partial<
    Pick<QueueEventsListener, 'active' | 'waiting' | 'delayed' | 'completed' | 'failed' | 'removed'>
  >;
  readonly connected?: () => void;
}

export interface Sizes {
  readonly poolSize: number;
  readonly maxTaskQueueSize: number;
}

/** How many calls have a place: the first of those that were asked for. */
export interface Admission extends Sizes {
  /** By Redis' clock, in milliseconds since 1970. */
  readonly now: number;
  readonly runId: string;
  readonly admitted: number;
}

/** What has become of a job; `lost`: it is not there. */
export type Found =
  | { readonly state: 'lost' | 'waiting' | 'active' }
  | { readonly state: 'completed'; readonly returnvalue: string }
  | { readonly state: 'failed'; readonly data: string; readonly reason: string };

export interface JobToAdd {
  readonly jobId: string;
  readonly name: string;
  readonly data: object;
}

/** How long the place of a call is kept that is on its way into the queue, in milliseconds: its producer may have died. */
const placeLease = 60_000;
/** How long a worker can learn that a call was cancelled, in milliseconds: longer than it goes without a look. */
const cancelledFor = 300_000;
/** How long a Redis that does not answer is waited for to say goodbye, in milliseconds. */
const farewell = 1000;

type Client = Awaited<ReturnType<Queue['getBackend']>['client']>;

export class FleetQueue {
  readonly keys: QueueKeys;
  /** Whether what Redis has confirmed is on its disk. */
  durable = false;
  private readonly queue: Queue;
  private events: QueueEvents | undefined;
  private opening: Promise<Client> | undefined;
  private closed = false;

  constructor(
    private readonly options: FleetQueueOptions,
    private readonly listener: FleetQueueListener,
    /** What the fleet is to have before anything else is asked. */
    private sizes?: Sizes,
  ) {
    const { connection, queueName, prefix } = options;
    this.keys = keysOf(options);
    this.queue = new Queue(queueName, { connection, prefix });
    // What it tells of a Redis that is away, each of its commands does.
    this.queue.on('error', ignore);
    this.queue.getBackend().on('ready', () => {
      void this.open().then(
        (client) => this.readDurability(client),
        () => undefined,
      );
      listener.connected?.();
    });
    void this.open().catch(ignore);
  }

  /** For as many as there is room for; `undefined` where the sizes of the fleet are not known. `again`: they have been accepted before. */
  async admit(jobIds: readonly string[], again: boolean): Promise<Admission | undefined> {
    const { places, sizes } = this.keys;
    const { wait, paused, active, delayed, prioritized } = this.queue.keys;
    const lists = [wait, paused, active, delayed, prioritized].map(String);
    const reply = await this.run('admit', [places, sizes, ...lists, placeLease, again ? 1 : 0, ...jobIds]);
    const [now, runId, admitted, poolSize, maxTaskQueueSize] = reply as unknown[];
    if (now === undefined) return undefined;
    const [size, rest] = [Number(poolSize), Number(maxTaskQueueSize)];
    return {
      now: Number(now),
      runId: String(runId),
      admitted: Number(admitted),
      poolSize: size,
      maxTaskQueueSize: rest,
    };
  }

  /** Gives up the places of calls that are not to be added. */
  async release(jobIds: readonly string[]): Promise<void> {
    if (jobIds.length > 0) await this.run('release', [this.keys.places, ...jobIds]);
  }

  /**
   * Puts jobs into the queue, and gives up the places of `jobIds`, in one step. Adding one again changes nothing. Gives for each
   * job what Redis has against it.
   */
  async add(jobs: readonly JobToAdd[], jobIds: readonly string[]): Promise<readonly (Error | undefined)[]> {
    const client = await this.open();
    const transaction = client.multi();
    const keep = { age: Math.ceil(this.options.keepResultFor / 1000) };
    for (const { jobId, name, data } of jobs) {
      const job = new Job(this.queue, name, data, { jobId, removeOnComplete: keep, removeOnFail: keep }, jobId);
      // What it gives is the transaction's to tell.
      void job.addJob(transaction);
    }
    transaction.runCommand(commandOf('release'), [this.keys.places, ...jobIds]);
    const replies = (await transaction.exec()) ?? [];
    return jobs.map((_, i) => replies[i]?.[0] ?? undefined);
  }

  /** What has become of jobs, and which run of Redis says so. */
  async look(jobIds: readonly string[]): Promise<{ readonly runId: string; readonly found: readonly Found[] }> {
    const reply = (await this.run('look', [this.keys.places, this.queue.toKey(''), ...jobIds])) as unknown[];
    const [runId, ...found] = reply;
    return { runId: String(runId), found: found.map(foundOf) };
  }

  /** Takes a job out, or tells the worker that has it in hand. */
  async cancel(jobId: string): Promise<void> {
    await this.open();
    if ((await this.queue.remove(jobId)) === 1) return;
    const { cancelled, cancel } = this.keys;
    await this.run('cancel', [cancelled(jobId), cancelledFor, cancel, jobId]);
  }

  /** Of the fleet. */
  async setSizes(sizes: Sizes): Promise<void> {
    await this.writeSizes(await this.open(), sizes);
  }

  async pause(paused: boolean): Promise<void> {
    await this.open();
    await (paused ? this.queue.pause() : this.queue.resume());
  }

  async counts(): Promise<FleetStats> {
    await this.open();
    const counts = await this.queue.getJobCounts('active', 'waiting', 'prioritized', 'delayed', 'failed');
    const { active = 0, waiting = 0, prioritized = 0, delayed = 0, failed = 0 } = counts;
    return { running: active, waiting: waiting + prioritized, delayed, failed };
  }

  /** Completes when its own connections are closed, or a Redis that does not answer has been given up. */
  close(): Observable<never> {
    return defer(() => {
      this.closed = true;
      const closing = Promise.all([this.events?.close(), this.queue.close()]).catch(ignore);
      return race(from(closing), timer(farewell).pipe(tap(() => this.disconnect())));
    }).pipe(ignoreElements());
  }

  /** Those that have not closed in time would try to connect for ever. A client that was given is its owner's. */
  private disconnect(): void {
    const isGiven = typeof (this.options.connection as { readonly duplicate?: unknown }).duplicate === 'function';
    for (const own of [this.events, isGiven ? undefined : this.queue]) {
      const backend = own?.getBackend();
      // One that has never been connected has no client to be asked for.
      backend?.close(true).catch(ignore);
      backend?.client.then((client) => client.disconnect(), ignore);
    }
  }

  private async run(name: ScriptName, args: readonly (string | number)[]): Promise<unknown> {
    const client = await this.open();
    // It has the type of whatever a script gives.
    return (await client.runCommand(commandOf(name), [...args])) as unknown;
  }

  /** Once there is a connection, and events are heard from here on: what is added from then on is heard of. */
  private open(): Promise<Client> {
    this.opening ??= this.prepare().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  private async prepare(): Promise<Client> {
    const client = await this.queue.getBackend().client;
    for (const [name, { lua, keys }] of Object.entries(scripts)) {
      client.defineCommand(commandOf(name as ScriptName), { numberOfKeys: keys, lua });
    }
    const lastEventId = String(await client.runCommand(commandOf('position'), [this.queue.keys.events]));
    await this.readDurability(client);
    if (this.sizes) await this.writeSizes(client, this.sizes);
    this.sizes = undefined;
    if (this.events === undefined && !this.closed) this.events = this.listen(lastEventId);
    return client;
  }

  /** In one step, so that whoever finds how many calls there may be finds how many may run. */
  private async writeSizes(client: Client, { poolSize, maxTaskQueueSize }: Sizes): Promise<void> {
    const transaction = client.multi();
    // What BullMQ's `setGlobalConcurrency` does.
    transaction.hset(this.queue.keys.meta ?? '', { concurrency: poolSize });
    transaction.hset(this.keys.sizes, { poolSize, maxTaskQueueSize });
    const replies = (await transaction.exec()) ?? [];
    for (const [error] of replies) if (error) throw error;
  }

  private listen(lastEventId: string): QueueEvents {
    const { connection, queueName, prefix } = this.options;
    const events = new QueueEvents(queueName, { connection, prefix, lastEventId });
    events.on('error', ignore);
    for (const [event, listener] of Object.entries(this.listener.events)) {
      // Each is the listener of its own event.
      events.on(event as 'active', listener as QueueEventsListener['active']);
    }
    return events;
  }

  /** Where it can't be asked, as where that is not permitted, it is taken to lose what it has in memory. */
  private async readDurability(client: Client): Promise<void> {
    const { call } = client as { readonly call?: (...command: readonly string[]) => Promise<unknown> };
    try {
      const [appendonly, appendfsync] = await Promise.all([
        call?.call(client, 'CONFIG', 'GET', 'appendonly'),
        call?.call(client, 'CONFIG', 'GET', 'appendfsync'),
      ]);
      this.durable = [appendonly, appendfsync].map(valueIn).join() === 'yes,always';
    } catch {
      this.durable = false;
    }
  }
}

/** Of a setting's name and value. */
function valueIn(reply: unknown): string {
  return Array.isArray(reply) ? String(reply[1]) : '';
}

function foundOf(reply: unknown): Found {
  const [state, first, second] = Array.isArray(reply) ? reply.map(String) : [];
  switch (state) {
    case 'waiting':
    case 'active':
      return { state };
    case 'completed':
      return { state, returnvalue: first ?? '' };
    case 'failed':
      return { state, data: first ?? '', reason: second ?? '' };
    default:
      return { state: 'lost' };
  }
}

function commandOf(name: ScriptName): string {
  return `rx-alicloud:${name}`;
}

/** Redis' own code of an error that it has answered, such as `OOM`, where it won't be another one soon; `undefined` for all else. */
export function refusalOf(error: unknown): string | undefined {
  const { message, previousErrors } = Object(error) as {
    readonly message?: unknown;
    readonly previousErrors?: unknown;
  };
  // What ioredis tells of a transaction that Redis has thrown away.
  if (Array.isArray(previousErrors) && previousErrors.length > 0) return refusalOf(previousErrors[0]);
  const [, code] = /^(?:ERR )?([A-Z]{3,})\b/.exec(String(message)) ?? [];
  return code === undefined || passing.test(code) ? undefined : code;
}

/** It is starting, busy, or changing its role. */
const passing =
  /^(?:LOADING|BUSY|TRYAGAIN|READONLY|CLUSTERDOWN|MASTERDOWN|MOVED|ASK|NOREPLICAS|UNBLOCKED|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND)/;

function ignore(): void {
  // It is told elsewhere.
}
