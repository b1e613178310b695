import { DelayedError, UnrecoverableError, Worker, type Job } from 'bullmq';
import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  lastValueFrom,
  map,
  merge,
  ReplaySubject,
  shareReplay,
  Subject,
  take,
  takeUntil,
  timer,
  type Observable,
  type Subscription,
} from 'rxjs';
import type { QueueDepth } from '../../async/dispatcher.js';
import { requireShutdownOptions, type ShutdownOptions } from '../../async/shutdown-options.js';
import { untypedCall } from '../../codec/untyped.js';
import { monotonicNow } from '../../clock/monotonic.js';
import {
  ClientError,
  isClientError,
  TimeoutError,
  toAlicloudError,
  type AlicloudError,
  type Attempt,
} from '../../errors.js';
import type { FullResponse } from '../../http-event.js';
import { isolate } from '../../isolate.js';
import { ScriptRunner } from '../../redis/scripts.js';
import { givenBackFor, givingBack } from '../../retry/give-back.js';
import { failureKindOf } from '../../retry/is-retryable.js';
import { isObject } from '../../schema/values.js';
import { reportUnhandled } from '../../unhandled-error.js';
import type { Operation } from '../../service.js';
import { readFailure, writeFailure } from '../failure.js';
import { keysOf, type CallResult, type QueueKeys } from '../job.js';
import { toTransfer } from '../transfer.js';
import { Cancellations } from './cancellations.js';
import { WorkerClients, type Maker } from './clients.js';
import { CutOff, Delivery, type WrittenOutcome } from './delivery.js';
import type { JobDelayedEvent, WorkerEvent } from './events.js';
import { claimMemory, Keeper } from './keeper.js';
import { workerSettings, type AlicloudWorkerOptions, type WorkerSettings } from './options.js';
import { ownConnection, type OwnConnection } from './own-connection.js';
import { Pace } from './pace.js';
import { readJob, type ReadCall } from './read-job.js';
import { scripts } from './scripts.js';

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
 * import { alicloudWorker } from 'rx-alicloud/bullmq';
 * import { EcsClient } from 'rx-alicloud/ecs';
 *
 * const ecs = new EcsClient({ regionId: 'cn-hangzhou', credentials: accessKey(id, secret) });
 * const worker = alicloudWorker({ connection: new Redis(url), clients: [ecs], concurrency: 10 });
 *
 * worker.close({ timeout: 10_000 }).subscribe({ complete: () => ecs.close() });
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function alicloudWorker(options: AlicloudWorkerOptions): AlicloudWorker {
  return new BullmqWorker(workerSettings(options));
}

/** The longest wait for a throttle in a place that others want, in milliseconds: what takes no longer than to give it back. */
const longestHold = 20;
/** The same before any other repetition. */
const longestPause = 1000;
const mebibyte = 2 ** 20;
/** How long the commands of an end may take, in milliseconds, where Redis does not answer. */
const endTimeout = 2000;
/** How many workers a job may bring down before it is taken for what does that. */
const maxStalledCount = 10;

/** To go back into the queue: no end of the call. */
class PutBack extends Error {
  constructor(
    readonly wait: number,
    readonly reason: JobDelayedEvent['reason'],
  ) {
    super(reason);
  }
}

class BullmqWorker implements AlicloudWorker {
  readonly name: string;
  private readonly events = new Subject<WorkerEvent>();
  readonly events$ = isolate(this.events);
  private readonly running = new BehaviorSubject(0);
  private readonly closed = new ReplaySubject<void>(1);
  private readonly clients: WorkerClients;
  private readonly keys: QueueKeys;
  private readonly connection: OwnConnection;
  private readonly runner: ScriptRunner;
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
    this.clients = new WorkerClients(settings.clients);
    this.keys = keysOf({ prefix, queueName });
    this.connection = ownConnection(connection, () => this.worker);
    this.runner = new ScriptRunner(this.connection.commands);
    this.pace = new Pace(this.runner, this.keys);
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
      keys: this.keys,
      runner: this.runner,
      extendLocks: (...args) => this.worker.extendJobLocks(...args),
      tellOutcome: (delivery) => this.tellOutcome(delivery),
    });
    this.cancellations = new Cancellations(
      this.connection.client,
      this.keys.cancel,
      (jobId) => {
        for (const delivery of this.keeper.running) if (delivery.jobId === jobId) delivery.cutOff('cancelled');
      },
      () => void this.keeper.renew(),
    );
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
      .finally(() => {
        this.keeper.close();
        this.cancellations.close();
        this.connection.disconnect();
        this.running.next(0);
        this.closed.next();
        this.closed.complete();
        this.events.complete();
      });
    return isolate(depth$);
  }

  /** Where Redis does not answer, the commands that are under way are given up. */
  private cutOffAll(): void {
    if (this.isCutOff) return;
    this.isCutOff = true;
    for (const delivery of this.keeper.running) delivery.cutOff('closed');
    timer(endTimeout)
      .pipe(takeUntil(this.closed))
      .subscribe(() => {
        this.connection.disconnect();
        void this.worker.disconnect().catch(() => undefined);
      });
  }

  private tell(event: WorkerEvent): void {
    this.events.next(event);
  }

  /** As BullMQ wants it: resolves with the result, or rejects with what it is to do with the job. */
  private async process(job: Job, token: string): Promise<CallResult> {
    const delivery = new Delivery(job, token, this.settings.lockDuration);
    this.keeper.add(delivery);
    this.running.next(this.keeper.running.size);
    this.tell({ type: 'started', ...this.factsOf(delivery) });
    try {
      if (this.isCutOff) throw new CutOff('closed');
      const perform$ = defer(() => this.perform(delivery));
      const result = await lastValueFrom(merge(delivery.cut$, perform$).pipe(take(1)));
      if (delivery.claimed) delivery.outcome = { result };
      this.tell({ type: 'finished', ...this.factsOf(delivery), duration: delivery.duration });
      return result;
    } catch (error) {
      throw await this.settle(delivery, error);
    } finally {
      this.keeper.remove(delivery);
      this.running.next(this.keeper.running.size);
    }
  }

  private async perform(delivery: Delivery): Promise<CallResult> {
    const { jobId } = delivery;
    const call = (delivery.call = readJob(delivery.job.data));
    if (this.cancellations.has(jobId)) throw new CutOff('cancelled');
    const deadline = await this.deadlineOf(call, delivery.job.timestamp);
    const maker = this.clients.makerOf(call);
    if (!call.safe) {
      const known = await this.claim(delivery, call);
      if (known !== undefined) return known;
    }
    if (delivery.cutBy !== undefined) throw new CutOff(delivery.cutBy);
    const response = await lastValueFrom(merge(delivery.cut$, this.send(jobId, maker, call, deadline)).pipe(take(1)));
    this.letThrough(jobId, call);
    return this.written(response, call);
  }

  /** What is left of the call's time, in milliseconds. */
  private async deadlineOf({ expiresAt, action }: ReadCall, addedAt: number): Promise<number | undefined> {
    if (expiresAt === undefined) return undefined;
    const left = Math.ceil(expiresAt - (await this.keeper.redisNow()));
    if (left > 0) return left;
    throw new TimeoutError({ phase: 'deadline', timeout: Math.max(0, Math.round(expiresAt - addedAt)), action });
  }

  /** Gives what the call has ended in, where another delivery has made it. Throws where another may have, or may be about to. */
  private async claim(delivery: Delivery, { action, durable, runId }: ReadCall): Promise<CallResult | undefined> {
    const { jobId, owner, token } = delivery;
    const { lockDuration, prefix, queueName } = this.settings;
    const sentAt = monotonicNow();
    const reply = await this.runner.run(
      scripts.claim,
      [this.keys.claim(jobId), `${prefix}:${queueName}:${jobId}:lock`],
      [owner, token, this.keeper.lease, claimMemory, durable ? '' : runId, lockDuration],
    );
    const [state, time, value] = reply as [state: string, time: string, value?: string];
    this.keeper.learnTime(time);
    switch (state) {
      case 'free':
        delivery.claimed = true;
        delivery.lockUntil = Math.max(delivery.lockUntil, sentAt + lockDuration);
        // Nobody sends it any more.
        if (delivery.cutBy !== undefined) await this.release(delivery);
        return undefined;
      case 'lost':
        throw new CutOff('lost');
      case 'ended':
        return ended(value);
      case 'claimed': {
        const left = Number(value) - Number(time);
        if (left > 0) throw new PutBack(left + 1, 'claimed');
        throw outcomeUnknown(action, 'the worker that made it was not heard of again');
      }
      default:
        throw outcomeUnknown(action, 'Redis was restarted meanwhile, and may have lost that it was made');
    }
  }

  private async release(delivery: Delivery): Promise<void> {
    delivery.claimed = false;
    await this.runner.run(scripts.release, [this.keys.claim(delivery.jobId)], [delivery.owner]);
  }

  private send(
    jobId: string,
    maker: Maker,
    call: ReadCall,
    deadline: number | undefined,
  ): Observable<FullResponse<unknown>> {
    const { client, operation } = maker;
    const giveBack = givingBack({ longestHold, longestPause, attempts: call.attempts.length });
    const options = {
      ...call.options,
      ...giveBack,
      ...(deadline === undefined ? {} : { deadline }),
      observe: 'response',
    } as const;
    const { untyped } = call;
    // The request fits, or is refused, as the client's own tables say.
    const run = (): Observable<FullResponse<unknown>> =>
      untyped === undefined
        ? client.call(operation as Operation<unknown, unknown>, call.request, options)
        : client.request({ ...untyped, ...options });
    const { propagation, queueName } = this.settings;
    const { context } = call;
    if (propagation === undefined || context === undefined) return run();
    try {
      const known = operation ?? untypedCall(untyped!).operation;
      const message = {
        system: 'bullmq',
        queueName,
        jobId,
        call: { operation: known, request: call.request, options },
      };
      return propagation.extract(context, message, run);
    } catch (error) {
      reportUnhandled(error);
      return run();
    }
  }

  private written({ status, headers, body, attempts }: FullResponse<unknown>, call: ReadCall): CallResult {
    const result: CallResult = {
      status,
      headers,
      body: toTransfer(body, 'body', (path) => {
        throw new ClientError(
          'SDK.Unexpected',
          `The call was executed, but \`${path}\` of its response can't go through a queue`,
        );
      }),
      attempts: together(call.attempts, attempts),
      worker: this.name,
    };
    const max = this.settings.maxResultSize ?? call.maxResultSize ?? mebibyte;
    const size = sizeOf(result, max);
    if (size <= max) return result;
    throw new ClientError(
      'SDK.ResponseTooLarge',
      `${call.action} was executed, but its response does not go through the queue: it has ${size} bytes, and the maxResultSize is ${max}`,
    );
  }

  /** What is let through shows how fast those may come that a throttle holds back. */
  private letThrough(jobId: string, call: ReadCall): void {
    this.pace
      .passed(jobId, call)
      .then((early) => Promise.all(early.map((id) => this.promote(id))))
      // Those come with their turns.
      .catch(() => undefined);
  }

  private async promote(jobId: string): Promise<void> {
    // One that does not wait any more is on its way already.
    await this.worker
      .getBackend()
      .promote(jobId)
      .catch(() => undefined);
  }

  /** What BullMQ is to be told of a call without a result. */
  private async settle(delivery: Delivery, error: unknown): Promise<Error> {
    try {
      if (error instanceof CutOff) return await this.settleCut(delivery, error);
      if (error instanceof PutBack) return await this.putBack(delivery, error.wait, error.reason);
      const { call } = delivery;
      const wait = givenBackFor(error);
      if (call !== undefined && wait !== undefined)
        return await this.giveBack(delivery, call, error as AlicloudError, wait);
      if (call !== undefined && isClientError(error, 'SDK.Closed')) {
        // It can't do its work; others can.
        this.close();
        return await this.unsent(delivery, 0, 'closed');
      }
      return await this.fail(delivery, toAlicloudError(error));
    } catch (problem) {
      // Redis does not let it be said, or the job is not its own any more: then whoever has it next goes on.
      this.tell({
        type: 'error',
        time: Date.now(),
        error: problem instanceof Error ? problem : toAlicloudError(problem),
      });
      return new DelayedError();
    }
  }

  private async settleCut(delivery: Delivery, { why }: CutOff): Promise<Error> {
    const { call, claimed } = delivery;
    const action = call?.action ?? delivery.job.name;
    switch (why) {
      case 'cancelled':
        this.tell({ type: 'cancelled', ...this.factsOf(delivery) });
        return this.failed(
          delivery,
          new ClientError('SDK.Aborted', `${action} was cut off, as nobody waits for it any more`),
        );
      case 'lost':
        if (claimed)
          delivery.outcome = {
            failure: writeFailure(outcomeUnknown(action, 'its worker could not reach Redis, and cut it off')),
          };
        this.tell({ type: 'lost', ...this.factsOf(delivery) });
        return new DelayedError();
      case 'closed':
        if (claimed) return this.fail(delivery, outcomeUnknown(action, 'its worker was closed before it was answered'));
        return this.putBack(delivery, 0, 'closed');
    }
  }

  /** It is made again later, by whoever has a place for it then. */
  private async giveBack(delivery: Delivery, call: ReadCall, error: AlicloudError, wait: number): Promise<Error> {
    const { job, jobId } = delivery;
    const isThrottled = isClientError(error, 'SDK.Throttled') || failureKindOf(error) === 'throttled';
    let delay = isThrottled ? await this.pace.delayOf(jobId, call, error, wait) : wait;
    // The last chance comes before its time is over.
    if (call.expiresAt !== undefined)
      delay = Math.max(wait, Math.min(delay, call.expiresAt - (await this.keeper.redisNow()) - longestPause));
    const attempts = together(call.attempts, (error.attempts ?? []).filter(wasSent));
    const kept = {
      ...(attempts.length === 0 ? {} : { attempts }),
      ...(isThrottled ? { throttledFor: (call.throttledFor ?? 0) + Math.ceil(delay) } : {}),
    };
    await job.updateData({ ...(job.data as object), ...kept });
    return this.unsent(delivery, delay, isThrottled ? 'throttled' : 'retry', error);
  }

  /** The call was not executed, so that any worker may make it. */
  private async unsent(
    delivery: Delivery,
    wait: number,
    reason: JobDelayedEvent['reason'],
    error?: AlicloudError,
  ): Promise<Error> {
    if (delivery.claimed) await this.release(delivery);
    return this.putBack(delivery, wait, reason, error);
  }

  private async putBack(
    delivery: Delivery,
    wait: number,
    reason: JobDelayedEvent['reason'],
    error?: AlicloudError,
  ): Promise<Error> {
    const until = Date.now() + Math.ceil(wait);
    await delivery.job.moveToDelayed(until, delivery.token);
    this.tell({ type: 'delayed', ...this.factsOf(delivery), reason, until, error });
    return new DelayedError();
  }

  private async fail(delivery: Delivery, error: AlicloudError): Promise<Error> {
    const { call } = delivery;
    const prior = call?.attempts ?? [];
    if (prior.length > 0) error.attempts = together(prior, error.attempts ?? []);
    this.tell({ type: 'failed', ...this.factsOf(delivery), duration: delivery.duration, error });
    return this.failed(delivery, error);
  }

  private async failed(delivery: Delivery, error: AlicloudError): Promise<Error> {
    const { job } = delivery;
    const failure = writeFailure(error);
    if (delivery.claimed) delivery.outcome = { failure };
    const data: unknown = job.data;
    await job.updateData({ ...(isObject(data) ? data : {}), failure });
    const reason = new UnrecoverableError(String(error));
    // A dashboard shows it, and has no use for where in this file it was made.
    reason.stack = reason.message;
    return reason;
  }

  /** Another delivery of the job ends in it, at once where it waits for that. */
  private async tellOutcome({ jobId, outcome, owner }: Delivery): Promise<void> {
    const kept = JSON.stringify(outcome);
    await this.runner.run(scripts.tell, [this.keys.claim(jobId)], [owner, kept, claimMemory]);
    await this.promote(jobId);
  }

  private factsOf({ jobId, job }: Delivery): { readonly time: number; readonly jobId: string; readonly name: string } {
    return { time: Date.now(), jobId, name: job.name };
  }
}

/** What another delivery of the job has ended in. */
function ended(kept: string | undefined): CallResult {
  const { result, failure } = JSON.parse(kept ?? '{}') as WrittenOutcome;
  if (result !== undefined) return result;
  throw readFailure(failure);
}

function outcomeUnknown(action: string, why: string): ClientError {
  return new ClientError(
    'SDK.OutcomeUnknown',
    `${action} may have been executed, and is not repeated, as that would not be safe: ${why}`,
  );
}

/** Those of all deliveries, counted as one call's. */
function together(prior: readonly Attempt[], attempts: readonly Attempt[]): readonly Attempt[] {
  if (prior.length === 0) return attempts;
  return [...prior, ...attempts].map((attempt, i) => ({ ...attempt, number: i + 1 }));
}

/** What the rate limiter holds back was not. */
function wasSent({ code }: Attempt): boolean {
  return code !== 'SDK.Throttled';
}

/** In bytes, as far as it matters: no character has more than three of them for each of its units. */
function sizeOf(result: CallResult, max: number): number {
  const json = JSON.stringify(result);
  return json.length * 3 <= max ? json.length : new TextEncoder().encode(json).length;
}
