import { Worker, type Job } from 'bullmq';
import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  lastValueFrom,
  map,
  merge,
  NEVER,
  ReplaySubject,
  shareReplay,
  Subject,
  switchMap,
  take,
  takeUntil,
  timer,
  type Observable,
  type Subscription,
} from 'rxjs';
import type { QueueDepth } from '../../async/dispatcher.js';
import { requireShutdownOptions, type ShutdownOptions } from '../../async/shutdown-options.js';
import { toAlicloudError } from '../../errors.js';
import { isolate } from '../../isolate.js';
import { ScriptRunner } from '../../redis/scripts.js';
import { givenBackFor } from '../../retry/give-back.js';
import { keysOf, type CallResult } from '../job.js';
import { Caller } from './caller.js';
import { Cancellations } from './cancellations.js';
import { Claims } from './claims.js';
import { WorkerClients } from './clients.js';
import { CutOff, Delivery, PutBack } from './delivery.js';
import { factsOf, type WorkerEvent } from './events.js';
import { Keeper } from './keeper.js';
import { workerSettings, type AlicloudWorkerOptions, type WorkerSettings } from './options.js';
import { ownConnection, type OwnConnection } from './own-connection.js';
import { Pace } from './pace.js';
import { Settler } from './settler.js';

/** Makes the calls of a queue. */
export interface AlicloudWorker {
  /** What it is called in results and on dashboards. */
  readonly name: string;
  /** What becomes of the calls, as it happens. Hot; it completes when the worker is closed. */
  readonly events$: Observable<WorkerEvent>;
  /** Emits once and completes when the worker takes calls. It waits for as long as Redis can't be reached. */
  ready(): Observable<void>;
  /**
   * Takes no more calls. Those that run are finished, unless `mode: 'abort'` or the end of `timeout` cuts them off: what is safe to
   * repeat then goes to another worker, any other call ends in `SDK.OutcomeUnknown`. It runs whether or not it is subscribed to; the
   * Observable reports what runs, and completes when nothing does and the worker's connections are closed.
   *
   * @throws ConfigurationError
   */
  close(options?: ShutdownOptions): Observable<QueueDepth>;
}

/**
 * Makes the calls that clients with a `bullmqDispatcher` put into a queue, with clients of its own: their credentials, limits,
 * repetitions and interceptors are what counts here. It begins at once.
 *
 * @example
 * const ecs = new EcsClient({ regionId: 'cn-hangzhou', credentials: accessKey(id, secret) });
 * const worker = alicloudWorker({ connection: { host: '127.0.0.1', port: 6379 }, clients: [ecs], concurrency: 10 });
 *
 * worker.close({ timeout: 10_000 }).subscribe({ complete: () => ecs.close() });
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function alicloudWorker(options: AlicloudWorkerOptions): AlicloudWorker {
  return new BullmqWorker(workerSettings(options));
}

/** How long there is for Redis to be told what the last call has ended in, in milliseconds, and where calls are cut off. */
const farewell = 10_000;
const shortFarewell = 2000;
/** How many workers a job may bring down before it is taken for what does that. */
const maxStalledCount = 10;

class BullmqWorker implements AlicloudWorker {
  readonly name: string;
  private readonly events = new Subject<WorkerEvent>();
  readonly events$ = isolate(this.events);
  private readonly running = new BehaviorSubject(0);
  private readonly closed = new ReplaySubject<void>(1);
  private readonly caller: Caller;
  private readonly settler: Settler;
  private readonly connection: OwnConnection;
  private readonly keeper: Keeper;
  private readonly cancellations: Cancellations;
  private readonly pace: Pace;
  private readonly worker: Worker;
  private depth$: Observable<QueueDepth> | undefined;
  private isCutOff = false;
  private abortTimer: Subscription | undefined;

  constructor(private readonly settings: WorkerSettings) {
    const { connection, concurrency, lockDuration, name, prefix, queueName, rate } = settings;
    this.name = name;
    const clients = new WorkerClients(settings.clients);
    const keys = keysOf({ prefix, queueName });
    this.connection = ownConnection(connection, () => this.worker);
    const runner = new ScriptRunner(this.connection.commands);
    this.pace = new Pace(runner, keys);
    this.worker = new Worker(queueName, (job: Job, token?: string) => this.process(job, token ?? ''), {
      connection: this.connection.options,
      prefix,
      name,
      concurrency,
      lockDuration,
      skipLockRenewal: true,
      stalledInterval: Math.ceil(lockDuration / 2),
      maxStalledCount,
      runRetryDelay: Math.min(1000, lockDuration),
      ...(rate === undefined ? {} : { limiter: { max: rate.limit, duration: rate.interval } }),
    });
    this.keeper = new Keeper({
      lockDuration,
      keys,
      runner,
      extendLocks: (...args) => this.worker.extendJobLocks(...args),
      tellOutcome: async (delivery) => {
        await claims.tell(delivery);
        await this.promote(delivery.jobId);
      },
    });
    const claims = new Claims(settings, runner, keys, (time) => this.keeper.learnTime(time));
    this.cancellations = new Cancellations(
      this.connection.client,
      keys.cancel,
      (jobId) => {
        for (const delivery of this.keeper.running) if (delivery.jobId === jobId) delivery.cutOff('cancelled');
      },
      () => void this.keeper.renew(),
    );
    const isCancelled = (jobId: string): boolean => this.cancellations.has(jobId);
    this.caller = new Caller(settings, clients, claims, this.keeper, isCancelled);
    this.settler = new Settler(claims, this.keeper, this.pace, {
      tell: (event) => this.tell(event),
      disabled: () => this.close(),
    });
    this.worker.on('error', (error) => this.tell({ type: 'error', time: Date.now(), error }));
    const told = ({ id = '' }: Job): void => this.keeper.told(id);
    this.worker.on('completed', told);
    this.worker.on('failed', (job) => {
      if (job !== undefined) told(job);
    });
  }

  ready(): Observable<void> {
    return defer(() => this.worker.waitUntilReady()).pipe(map(() => undefined));
  }

  close(options: ShutdownOptions = {}): Observable<QueueDepth> {
    requireShutdownOptions(options);
    this.depth$ ??= this.end();
    const { mode, timeout } = options;
    if (mode === 'abort') this.cutOffAll();
    else if (timeout !== undefined) {
      this.abortTimer?.unsubscribe();
      this.abortTimer = timer(timeout)
        .pipe(takeUntil(this.closed))
        .subscribe(() => this.cutOffAll());
    }
    return this.depth$;
  }

  private end(): Observable<QueueDepth> {
    const depth$ = this.running.pipe(
      takeUntil(this.closed),
      map((running): QueueDepth => ({ running, waiting: 0 })),
      distinctUntilChanged((one, other) => one.running === other.running),
      shareReplay(1),
    );
    depth$.subscribe();
    void this.worker
      .close()
      .catch((error: unknown) => this.tell({ type: 'error', time: Date.now(), error: toAlicloudError(error) }))
      .finally(() => this.finish());
    this.running
      .pipe(
        switchMap((running) => (running === 0 ? timer(farewell) : NEVER)),
        takeUntil(this.closed),
      )
      .subscribe(() => this.giveUp());
    return isolate(depth$);
  }

  private cutOffAll(): void {
    if (this.isCutOff) return;
    this.isCutOff = true;
    for (const delivery of this.keeper.running) delivery.cutOff('closed');
    timer(shortFarewell)
      .pipe(takeUntil(this.closed))
      .subscribe(() => this.giveUp());
  }

  /** Redis does not answer: what is still being said to it is given up. */
  private giveUp(): void {
    this.connection.disconnect();
    void this.worker
      .getBackend()
      .close(true)
      .catch(() => undefined)
      .finally(() => this.finish());
  }

  /** Once, and more does no harm. */
  private finish(): void {
    this.keeper.close();
    this.cancellations.close();
    this.connection.disconnect();
    this.running.next(0);
    this.closed.next();
    this.closed.complete();
    this.events.complete();
  }

  private tell(event: WorkerEvent): void {
    this.events.next(event);
  }

  /** As BullMQ wants it: resolves with the result, or rejects with what it is to do with the job. */
  private async process(job: Job, token: string): Promise<CallResult> {
    const delivery = new Delivery(job, token, this.settings.lockDuration);
    this.keeper.add(delivery);
    this.running.next(this.keeper.running.size);
    this.tell({ type: 'started', ...factsOf(delivery) });
    try {
      if (this.isCutOff) throw new CutOff('closed');
      const made$ = defer(() => this.caller.make(delivery));
      const result = await lastValueFrom(merge(delivery.cut$, made$).pipe(take(1)));
      this.letThrough(delivery);
      if (delivery.claimed) delivery.outcome = { result };
      this.tell({ type: 'finished', ...factsOf(delivery), duration: delivery.duration });
      return result;
    } catch (error) {
      // Whatever else it ended in, no throttle has held it.
      if (!(error instanceof CutOff || error instanceof PutBack) && givenBackFor(error) === undefined)
        this.letThrough(delivery);
      throw await this.settler.settle(delivery, error);
    } finally {
      this.keeper.remove(delivery);
      this.running.next(this.keeper.running.size);
    }
  }

  /** What is let through shows how fast those may come that a throttle holds back. */
  private letThrough({ jobId, call }: Delivery): void {
    if (call === undefined) return;
    this.pace
      .passed(jobId, call)
      .then((early) => Promise.all(early.map((id) => this.promote(id))))
      // Those come with their turns.
      .catch(() => undefined);
  }

  /** A delayed job is to come now; one that does not wait any more is on its way already. */
  private async promote(jobId: string): Promise<void> {
    await this.worker
      .getBackend()
      .promote(jobId)
      .catch(() => undefined);
  }
}
