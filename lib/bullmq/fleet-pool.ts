/** The calls of one client that other processes make: from their admission to their end, which comes exactly once. */
import {
  concat,
  distinctUntilChanged,
  firstValueFrom,
  map,
  of,
  race,
  repeat,
  defer,
  from,
  Subject,
  timer,
  type Observable,
  type Subscription,
} from 'rxjs';
import type { AsyncDispatcher, DispatcherHost, QueueDepth } from '../async/dispatcher.js';
import { isSubscriber, type Listener } from '../async/listener.js';
import { requireShutdownOptions, type ShutdownOptions } from '../async/shutdown-options.js';
import { LeanObservable } from '../async/task.js';
import { AsyncQueueFullError, ClientError, toAlicloudError, type AlicloudError } from '../errors.js';
import type { FleetStats } from '../events/events.js';
import { monotonicNow } from '../clock/monotonic.js';
import { isolate } from '../isolate.js';
import type { CallContext } from '../pipeline/call-context.js';
import type { Runtime } from '../pipeline/runtime.js';
import { backgroundTimer } from '../platform/background-timer.js';
import type { ContextPropagation, TravellingContext } from '../propagation.js';
import { callSafely, reportUnhandled } from '../unhandled-error.js';
import {
  FleetQueue,
  refusalOf,
  type Admission,
  type FleetQueueOptions,
  type Found,
  type JobToAdd,
  type JobToAdmit,
  type Sizes,
} from './fleet-queue.js';
import { parsed, readFailed, readResult, type Outcome } from './read-outcome.js';
import { RemoteCall, type RemoteCallOwner } from './remote-call.js';
import { jobWriter, type WriteJob } from './write-job.js';

export interface FleetPoolOptions extends FleetQueueOptions {
  /** How long a call may wait for Redis to take it, in milliseconds. */
  readonly acceptTimeout: number;
  /** In bytes of JSON. */
  readonly maxResultSize: number;
  readonly propagation: ContextPropagation | undefined;
  /** How often it is looked for calls whose end was not heard of, in milliseconds. @default 5000 */
  readonly lookEvery?: number;
}

/** As many go through Redis in one step: more would hold up all others there. */
const together = 250;
/** How many such steps are under way at a time. */
const sentAtOnce = 2;
/** How many are looked for at a time. */
const lookedAtOnce = 1000;
/** For how long an answer of Redis shows that it will answer again, in milliseconds. */
export const heardFor = 200;
/** Between attempts to reach Redis, in milliseconds, unless it is there again before. */
const pauseBetween = 200;
/** How long there is to say what is left to be said, in milliseconds. */
const farewell = 1000;

/** A host whose size has been checked. */
export interface FleetHost extends Omit<DispatcherHost, 'poolSize' | 'queue'> {
  readonly poolSize: number;
}

export class FleetPool implements AsyncDispatcher<CallContext>, RemoteCallOwner {
  poolSize: number;
  private maxTaskQueueSize: number;
  private readonly queue: FleetQueue;
  private readonly runtime: Runtime;
  private readonly write: WriteJob;
  /** Those that were accepted, or are being, and have not ended. */
  private readonly calls = new Map<string, RemoteCall>();
  private running = 0;
  /** Those that go to Redis at the end of this microtask. */
  private readonly batch: RemoteCall[] = [];
  private sending = 0;
  /** When Redis has last answered, by `monotonicNow()`. */
  private heardAt = -Infinity;
  /** Of the Redis that has. */
  private runId = '';
  private batchLimit: Subscription | undefined;
  /** Whose data has to be fetched to know what they ended in, at the end of this microtask. */
  private readonly failed: string[] = [];
  /** What is still being said to Redis. */
  private underWay = 0;
  private closed = false;
  private ended = false;
  private looking: Subscription | undefined;
  private leaving: Subscription | undefined;
  private readonly connected = new Subject<void>();
  private readonly changes = new Subject<void>();
  readonly changes$ = isolate(concat(of(undefined), this.changes));
  private readonly depth$ = this.changes$.pipe(
    map(() => this.depth),
    distinctUntilChanged((one, other) => one.running === other.running && one.waiting === other.waiting),
  );
  readonly fleet$: Observable<FleetStats>;

  constructor(
    private readonly host: FleetHost,
    private readonly options: FleetPoolOptions,
  ) {
    const { poolSize, maxTaskQueueSize, runtime } = host;
    this.poolSize = poolSize;
    this.maxTaskQueueSize = maxTaskQueueSize;
    // It is what the layer of the pipeline puts there.
    this.runtime = runtime as Runtime;
    this.write = jobWriter(this.runtime);
    this.queue = new FleetQueue(
      options,
      {
        events: {
          active: ({ jobId }) => this.begin(jobId),
          waiting: ({ jobId }) => this.giveBack(jobId),
          delayed: ({ jobId }) => this.giveBack(jobId),
          completed: ({ jobId, returnvalue }) => this.end(jobId, () => readResult(returnvalue)),
          failed: ({ jobId }) => this.fetchFailure(jobId),
          removed: ({ jobId }) => this.end(jobId, () => ({ error: removed() })),
        },
        connected: () => {
          this.connected.next();
          void this.look([...this.calls.keys()]);
        },
      },
      { poolSize, maxTaskQueueSize },
    );
    this.fleet$ = defer(() => from(this.queue.counts())).pipe(repeat({ delay: () => backgroundTimer(1000) }));
  }

  run<C extends CallContext, T>(call: C, start: (call: C) => Observable<T>): Observable<T> {
    return new LeanObservable((listener) => this.submit(call, start, listener));
  }

  /** Another process makes the call: `start` is not needed. */
  submit<C extends CallContext, T>(call: C, _start: (call: C) => Observable<T>, listener: Listener<T>): Subscription {
    const remote = this.accept(call, listener);
    return isSubscriber(listener) ? listener : remote;
  }

  private accept(call: CallContext, listener: Listener<never>): RemoteCall {
    let remote: RemoteCall;
    try {
      if (this.closed) throw aborted();
      remote = new RemoteCall(this, call, listener, this.write(call));
    } catch (error) {
      remote = new RemoteCall(this, call, listener);
      remote.error(error);
      return remote;
    }
    // Of a caller who had unsubscribed before, there is nothing to submit.
    if (remote.closed) return remote;
    if (this.runtime.reporter.observed) call.timeline.jobId = remote.jobId;
    this.calls.set(remote.jobId, remote);
    this.queue.keepAlive(true);
    if (this.batch.push(remote) === 1) queueMicrotask(() => this.flush());
    this.lookNowAndThen();
    return remote;
  }

  withdraw(remote: RemoteCall): void {
    if (!this.calls.has(remote.jobId)) return;
    const { state, jobId } = remote;
    this.forget(remote);
    // One that is being admitted or added is seen to be gone when Redis has answered.
    if (state === 'waiting' || state === 'running') this.cancel(jobId);
    this.settle();
  }

  get depth(): QueueDepth {
    return { running: this.running, waiting: this.calls.size - this.running };
  }

  get isEmpty(): boolean {
    return this.calls.size === 0;
  }

  shutdown(options: ShutdownOptions = {}): Observable<QueueDepth> {
    requireShutdownOptions(options);
    const { mode, timeout } = options;
    if (!this.closed) {
      this.closed = true;
      this.settle(false);
    }
    if (mode === 'abort') this.abort();
    else if (timeout !== undefined && !this.ended) {
      const over = timer(timeout).subscribe(() => this.abort());
      this.changes.subscribe({ complete: () => over.unsubscribe() });
    }
    return this.depth$;
  }

  /** Of the fleet. */
  resize(poolSize: number, maxTaskQueueSize = this.maxTaskQueueSize): void {
    this.poolSize = poolSize;
    this.maxTaskQueueSize = maxTaskQueueSize;
    this.say(() => this.queue.setSizes(this.sizes));
  }

  private get sizes(): Sizes {
    return { poolSize: this.poolSize, maxTaskQueueSize: this.maxTaskQueueSize };
  }

  /** Of the fleet. */
  suspend(suspended: boolean): void {
    this.say(() => this.queue.pause(suspended));
  }

  /** What comes while enough is under way waits, and then goes together. */
  private flush(): void {
    while (this.batch.length > 0 && this.sending < sentAtOnce) {
      const calls = this.batch.splice(0, together);
      this.sending++;
      this.track(this.send(calls));
    }
    this.limitBatch();
  }

  /** Those that wait to be sent wait no longer than those that were. The first has waited longest. */
  private limitBatch(): void {
    const [head] = this.batch;
    if (head === undefined || this.batchLimit !== undefined) return;
    const limit = ({ call }: RemoteCall): number => call.subscribedAt + this.options.acceptTimeout;
    this.batchLimit = timer(Math.max(0, limit(head) - monotonicNow())).subscribe(() => {
      this.batchLimit = undefined;
      const late: RemoteCall[] = [];
      for (let next; (next = this.batch[late.length]) && limit(next) <= monotonicNow();) late.push(next);
      this.batch.splice(0, late.length);
      for (const remote of late) this.fail(remote, unavailable(`no answer within ${this.options.acceptTimeout} ms`));
      this.limitBatch();
    });
  }

  private async send(calls: readonly RemoteCall[]): Promise<void> {
    await this.enqueue(calls, false);
    this.sending--;
    this.flush();
  }

  /** Never rejects. `again`: they have been accepted before, and have a place however many there are. */
  private async enqueue(calls: readonly RemoteCall[], again: boolean): Promise<void> {
    const { acceptTimeout } = this.options;
    // One that may not answer is asked for places first: calls that it has not admitted can be given up.
    const answers = this.queue.addsAtOnce && monotonicNow() - this.heardAt <= heardFor;
    if (!again && answers && (await this.addAtOnce(calls.filter(isHere)))) return;
    const limit = timer(acceptTimeout).subscribe(() => {
      for (const remote of calls) {
        if (remote.state === 'admitting') this.fail(remote, unavailable(`no answer within ${acceptTimeout} ms`));
      }
    });
    try {
      const admission = await this.admit(calls, again);
      if (admission !== undefined) await this.add(calls.filter(isHere), admission);
    } catch (error) {
      for (const remote of calls) this.fail(remote, toAlicloudError(error));
    } finally {
      limit.unsubscribe();
    }
  }

  /** Gives nothing where nobody is left to be added. */
  private async admit(calls: readonly RemoteCall[], again: boolean): Promise<Admission | undefined> {
    for (let asked = false; ; asked = true) {
      const wanted = calls.filter(isHere);
      if (wanted.length === 0) {
        // Whether they have got places is not known.
        if (asked) this.release(calls);
        return undefined;
      }
      try {
        const jobIds = wanted.map(({ jobId }) => jobId);
        const admission = await this.queue.admit(jobIds, again);
        if (admission === undefined) {
          // A Redis that has lost what it knew.
          await this.queue.setSizes(this.sizes);
          continue;
        }
        this.heardAt = monotonicNow();
        this.adopt(admission);
        const { admitted, poolSize, maxTaskQueueSize } = admission;
        for (const remote of wanted.slice(admitted))
          this.fail(remote, new AsyncQueueFullError(poolSize, maxTaskQueueSize));
        const gone = wanted.slice(0, admitted).filter(({ closed }) => closed);
        this.release(gone);
        return admission;
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== undefined) {
          for (const remote of wanted) this.fail(remote, unavailable(`Redis refuses it (${refusal})`));
          return undefined;
        }
        await this.pause();
      }
    }
  }

  /** Until it is known of each whether it is in the queue: from here on it may be executed. */
  private async add(calls: readonly RemoteCall[], { now, runId }: Admission): Promise<void> {
    if (calls.length === 0) return;
    this.runId = runId;
    const { jobs: drafts, told } = this.jobsOf(calls);
    const jobs = drafts.map(({ data, remaining, ...rest }): JobToAdd => {
      const expiry = remaining === undefined ? {} : { expiresAt: now + remaining };
      return { ...rest, data: { ...data, runId, ...expiry } };
    });
    try {
      const refusals = await this.queue.add(
        jobs,
        jobs.map(({ jobId }) => jobId),
      );
      calls.forEach((remote, i) => {
        const refusal = refusals[i];
        callSafely(() => told.get(remote)?.(refusal));
        if (refusal === undefined) this.isAdded(remote);
        else this.fail(remote, unavailable(`Redis refuses it (${refusalOf(refusal) ?? 'an error'})`));
      });
    } catch (error) {
      for (const tell of told.values()) callSafely(() => tell(error));
      const refusal = refusalOf(error);
      // Of a transaction that was refused, nothing was done: they have their places still.
      if (refusal === undefined) return this.findOut(calls);
      this.release(calls);
      for (const remote of calls) this.fail(remote, unavailable(`Redis refuses it (${refusal})`));
    }
  }

  /** {@link admit} and {@link add} in one step. Gives `false` where nothing has become of them. */
  private async addAtOnce(calls: readonly RemoteCall[]): Promise<boolean> {
    if (calls.length === 0) return true;
    const { jobs, told } = this.jobsOf(calls);
    const tell = (remote: RemoteCall, error?: unknown): void => callSafely(() => told.get(remote)?.(error));
    try {
      const admission = await this.queue.admitAndAdd(jobs);
      if (admission === undefined) {
        for (const remote of calls) {
          tell(remote, unavailable('Redis has lost what it knew'));
          remote.state = 'admitting';
        }
        return false;
      }
      this.heardAt = monotonicNow();
      this.runId = admission.runId;
      this.adopt(admission);
      const { admitted, poolSize, maxTaskQueueSize } = admission;
      calls.forEach((remote, i) => {
        if (i >= admitted) {
          const full = new AsyncQueueFullError(poolSize, maxTaskQueueSize);
          tell(remote, full);
          return this.fail(remote, full);
        }
        remote.runId = admission.runId;
        tell(remote);
        this.isAdded(remote);
      });
    } catch (error) {
      for (const remote of calls) tell(remote, error);
      const refusal = refusalOf(error);
      if (refusal === undefined) await this.findOut(calls);
      // What Redis refuses it has not begun.
      else for (const remote of calls) this.fail(remote, unavailable(`Redis refuses it (${refusal})`));
    }
    return true;
  }

  /** Those that may be added from here on, and whom to tell of each what Redis has against it. */
  private jobsOf(calls: readonly RemoteCall[]): DraftedJobs {
    const { durable } = this.queue;
    const { maxResultSize } = this.options;
    const told: DraftedJobs['told'] = new Map();
    const jobs = calls.map((remote) => {
      const { call, job, jobId } = remote;
      remote.state = 'adding';
      remote.runId = this.runId;
      const context: TravellingContext = {};
      const tell = this.inject(remote, context);
      if (tell !== undefined) told.set(remote, tell);
      const data = { ...job, durable, maxResultSize, ...(Object.keys(context).length === 0 ? {} : { context }) };
      const remaining = call.remaining === Infinity ? undefined : Math.max(0, Math.floor(call.remaining));
      return { jobId, name: `${job?.product}.${job?.action}`, data, remaining };
    });
    return { jobs, told };
  }

  /** Whether they were added is not known, as the connection was lost before Redis had said so. */
  private async findOut(calls: readonly RemoteCall[]): Promise<void> {
    for (;;) {
      await this.pause();
      if (this.ended) return;
      try {
        const { runId, found } = await this.queue.look(calls.map(({ jobId }) => jobId));
        calls.forEach((remote, i) => this.learn(remote, found[i] ?? { state: 'lost' }, runId));
        return;
      } catch {
        // It is not there yet. Those who have a deadline wait no longer than that.
        if (calls.every(({ closed }) => closed) && this.closed) return;
      }
    }
  }

  private inject({ call, jobId }: RemoteCall, carrier: TravellingContext): ((error?: unknown) => void) | void {
    const { propagation, queueName } = this.options;
    if (propagation === undefined) return undefined;
    let tell: ((error?: unknown) => void) | void = undefined;
    callSafely(() => {
      tell = propagation.inject(carrier, { system: 'bullmq', queueName, jobId, call: call.source });
    });
    return tell;
  }

  private isAdded(remote: RemoteCall): void {
    if (remote.closed) return this.cancel(remote.jobId);
    // It may have been heard of before.
    if (remote.state === 'adding') remote.state = 'waiting';
  }

  /** What was found of a call. One that is not there any more is put into the queue again where that is safe. */
  private learn(remote: RemoteCall, found: Found, runId: string): void {
    const { jobId, closed } = remote;
    if (closed) {
      if (remote.state === 'adding' && found.state !== 'lost') this.cancel(jobId);
      return;
    }
    switch (found.state) {
      case 'waiting':
        return this.isAdded(remote);
      case 'active':
        return this.begin(jobId);
      case 'completed':
        return this.end(jobId, () => readResult(parsed(found.returnvalue)));
      case 'failed':
        return this.end(jobId, () => ({ error: readFailed(found.data, found.reason) }));
      case 'lost': {
        const wasNeverAdded = remote.state === 'adding' && remote.runId === runId;
        if (remote.job?.safe !== true && !wasNeverAdded) return this.fail(remote, lost());
        if (remote.state === 'running') this.running--;
        remote.state = 'admitting';
        return this.track(this.enqueue([remote], true));
      }
    }
  }

  /** Looks for calls that have ended, or are gone, without a word. */
  private async look(jobIds: readonly string[]): Promise<void> {
    for (let from = 0; from < jobIds.length; from += together) {
      const calls = jobIds
        .slice(from, from + together)
        .map((jobId) => this.calls.get(jobId))
        .filter((remote) => remote !== undefined)
        // The others are found out of elsewhere.
        .filter(({ state }) => state === 'waiting' || state === 'running');
      if (calls.length === 0) continue;
      try {
        const { runId, found } = await this.queue.look(calls.map(({ jobId }) => jobId));
        calls.forEach((remote, i) => this.learn(remote, found[i] ?? { state: 'lost' }, runId));
      } catch {
        // With the next connection it is looked again.
        return;
      }
    }
  }

  /** There is a timer only while there are calls. */
  private lookNowAndThen(): void {
    this.looking ??= timer(this.options.lookEvery ?? 5000).subscribe(() => {
      const oldest = [...this.calls.keys()].slice(0, lookedAtOnce);
      // Those that were looked at are the last to be looked at again.
      for (const jobId of oldest) {
        const remote = this.calls.get(jobId);
        if (remote === undefined) continue;
        this.calls.delete(jobId);
        this.calls.set(jobId, remote);
      }
      void this.look(oldest);
      this.looking = undefined;
      if (this.calls.size > 0) this.lookNowAndThen();
    });
  }

  private begin(jobId: string): void {
    const remote = this.calls.get(jobId);
    if (remote === undefined || remote.state === 'running') return;
    remote.state = 'running';
    this.running++;
    const { call } = remote;
    if (!call.started) {
      call.timeline.started = true;
      call.timeline.enter(undefined);
      call.inScope(() => this.runtime.reporter.started(call));
    }
    this.report();
  }

  /** A worker has given it back, or was lost: it waits again. */
  private giveBack(jobId: string): void {
    const remote = this.calls.get(jobId);
    if (remote?.state !== 'running') return;
    remote.state = 'waiting';
    this.running--;
    this.report();
  }

  private end(jobId: string, read: () => Outcome): void {
    const remote = this.calls.get(jobId);
    if (remote === undefined) return;
    // What was not heard of in time.
    this.begin(jobId);
    const outcome = read();
    if ('error' in outcome) return this.fail(remote, outcome.error);
    const { response } = outcome;
    const { timeline } = remote.call;
    timeline.attempts.push(...response.attempts);
    timeline.begun = timeline.whole = true;
    this.forget(remote);
    remote.answer(response);
    this.settle();
  }

  /** The event has no more than a message. */
  private fetchFailure(jobId: string): void {
    if (!this.calls.has(jobId) || this.failed.push(jobId) > 1) return;
    queueMicrotask(() => void this.look(this.failed.splice(0)));
  }

  private fail(remote: RemoteCall, error: AlicloudError): void {
    if (remote.closed) return;
    this.forget(remote);
    remote.error(error);
    this.settle();
  }

  private forget(remote: RemoteCall): void {
    if (this.calls.delete(remote.jobId) && remote.state === 'running') this.running--;
  }

  private release(calls: readonly RemoteCall[]): void {
    if (calls.length > 0) this.say(() => this.queue.release(calls.map(({ jobId }) => jobId)));
  }

  private cancel(jobId: string): void {
    this.say(() => this.queue.cancel(jobId));
  }

  private abort(): void {
    for (const remote of [...this.calls.values()]) {
      const { state, jobId } = remote;
      // First, as the connections are closed when nothing is left.
      if (state === 'waiting' || state === 'running') this.cancel(jobId);
      this.fail(remote, aborted());
    }
  }

  /** The fleet has the sizes that were said last, by whomever. */
  private adopt({ poolSize, maxTaskQueueSize }: Admission): void {
    const isNews = poolSize !== this.poolSize;
    this.poolSize = poolSize;
    this.maxTaskQueueSize = maxTaskQueueSize;
    if (isNews) this.host.resized();
  }

  /** Says something to Redis, and says it again when that is there again. */
  private say(what: () => Promise<void>): void {
    const sayIt = async (): Promise<void> => {
      while (!this.ended) {
        try {
          return await what();
        } catch (error) {
          if (refusalOf(error) !== undefined) return;
          await this.pause();
        }
      }
    };
    this.track(sayIt());
  }

  /** What is under way keeps the connections open. */
  private track(work: Promise<void>): void {
    this.underWay++;
    this.queue.keepAlive(true);
    const done = (): void => {
      this.underWay--;
      this.settle(false);
    };
    work.then(done, (error: unknown) => {
      done();
      reportUnhandled(error);
    });
  }

  private async pause(): Promise<void> {
    await firstValueFrom(race(timer(pauseBetween), this.connected), { defaultValue: undefined });
  }

  private settle(emptied = true): void {
    if (emptied && this.isEmpty) this.host.emptied();
    if (this.isEmpty) {
      this.batch.length = 0;
      this.batchLimit?.unsubscribe();
      this.batchLimit = undefined;
      this.looking?.unsubscribe();
      this.looking = undefined;
    }
    this.queue.keepAlive(!this.isEmpty || this.underWay > 0);
    this.report();
    if (!this.closed || this.ended || !this.isEmpty) return;
    if (this.underWay === 0) return this.leave();
    // A Redis that is away is not waited for.
    this.leaving ??= timer(farewell).subscribe(() => this.leave());
  }

  private leave(): void {
    this.ended = true;
    this.leaving?.unsubscribe();
    this.queue.close().subscribe({ complete: () => this.changes.complete() });
  }

  private report(): void {
    if (this.closed) this.changes.next();
  }
}

interface DraftedJobs {
  readonly jobs: readonly JobToAdmit[];
  readonly told: Map<RemoteCall, (error?: unknown) => void>;
}

function isHere({ state, closed }: RemoteCall): boolean {
  return !closed && state === 'admitting';
}

function aborted(): ClientError {
  return new ClientError('SDK.Aborted', 'The call was cut off: its client was shut down before the call had ended');
}

function removed(): ClientError {
  return new ClientError('SDK.Aborted', 'The call was taken out of the queue by somebody else before it had ended');
}

function unavailable(why: string): ClientError {
  return new ClientError('SDK.FleetUnavailable', `The call was not sent, as the queue could not take it: ${why}`);
}

function lost(): ClientError {
  const message = 'The queue has lost the call, which may have been executed before: it is not safe to repeat';
  return new ClientError('SDK.OutcomeUnknown', message);
}
