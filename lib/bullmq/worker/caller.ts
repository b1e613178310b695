/** Makes the call of a delivery. */
import { lastValueFrom, merge, take, type Observable } from 'rxjs';
import { untypedCall } from '../../codec/untyped.js';
import { ClientError, TimeoutError, type Attempt } from '../../errors.js';
import type { FullResponse } from '../../http-event.js';
import { givingBack } from '../../retry/give-back.js';
import type { Operation } from '../../service.js';
import { reportUnhandled } from '../../unhandled-error.js';
import type { CallResult } from '../job.js';
import { plainSize, toTransfer } from '../transfer.js';
import type { Claims } from './claims.js';
import type { Maker, WorkerClients } from './clients.js';
import { CutOff, type Delivery } from './delivery.js';
import type { Keeper } from './keeper.js';
import type { WorkerSettings } from './options.js';
import { readJob, type ReadCall } from './read-job.js';

/** The longest wait for a throttle in a place that others want, in milliseconds: what takes no longer than to give it back. */
const longestHold = 20;
/** The same before any other repetition. */
export const longestPause = 1000;

const mebibyte = 2 ** 20;

export class Caller {
  constructor(
    private readonly settings: WorkerSettings,
    private readonly clients: WorkerClients,
    private readonly claims: Claims,
    private readonly keeper: Keeper,
    /** Whether nobody waits for a job any more. */
    private readonly isCancelled: (jobId: string) => boolean,
  ) {}

  /** Rejects with what the call ends in, or with why it ends here. */
  async make(delivery: Delivery): Promise<CallResult> {
    const call = (delivery.call = readJob(delivery.job.data));
    if (this.isCancelled(delivery.jobId)) throw new CutOff('cancelled');
    const deadline = await this.deadlineOf(call, delivery.job.timestamp);
    const maker = this.clients.makerOf(call);
    if (!call.safe) {
      const known = await this.claims.claim(delivery, call);
      if (known !== undefined) return known;
    }
    if (delivery.cutBy !== undefined) throw new CutOff(delivery.cutBy);
    const response$ = this.send(delivery.jobId, maker, call, deadline);
    return this.written(await lastValueFrom(merge(delivery.cut$, response$).pipe(take(1))), call);
  }

  /** What is left of the call's time, in milliseconds. */
  private async deadlineOf({ expiresAt, action }: ReadCall, addedAt: number): Promise<number | undefined> {
    if (expiresAt === undefined) return undefined;
    const left = Math.ceil(expiresAt - (await this.keeper.redisNow()));
    if (left > 0) return left;
    throw new TimeoutError({ phase: 'deadline', timeout: Math.max(0, Math.round(expiresAt - addedAt)), action });
  }

  private send(
    jobId: string,
    { client, operation }: Maker,
    call: ReadCall,
    deadline: number | undefined,
  ): Observable<FullResponse<unknown>> {
    const options = {
      ...call.options,
      ...givingBack({ longestHold, longestPause, attempts: call.attempts.length }),
      ...(deadline === undefined ? {} : { deadline }),
      observe: 'response',
    } as const;
    const { untyped, request, context } = call;
    // The request fits, or is refused, as the client's own tables say.
    const run = (): Observable<FullResponse<unknown>> =>
      untyped === undefined
        ? client.call(operation as Operation<unknown, unknown>, request, options)
        : client.request({ ...untyped, ...options });
    const { propagation, queueName } = this.settings;
    if (propagation === undefined || context === undefined) return run();
    try {
      const known = operation ?? untypedCall(untyped!).operation;
      const message = { system: 'bullmq', queueName, jobId, call: { operation: known, request, options } };
      return propagation.extract(context, message, run);
    } catch (error) {
      reportUnhandled(error);
      return run();
    }
  }

  private written({ status, headers, body, attempts }: FullResponse<unknown>, call: ReadCall): CallResult {
    const { action, maxResultSize = mebibyte } = call;
    const isPlain = plainSize(body) !== undefined;
    const write = (): unknown =>
      toTransfer(body, 'body', (path) => {
        throw new ClientError('SDK.Unexpected', `${action} was executed, but \`${path}\` can't go through a queue`);
      });
    const result: CallResult = {
      status,
      headers,
      body: isPlain ? body : write(),
      attempts: together(call.attempts, attempts),
      worker: this.settings.name,
    };
    const max = Math.min(maxResultSize, this.settings.maxResultSize ?? Infinity);
    if ((plainSize(result) ?? Infinity) <= max) return result;
    const size = sizeOf(result, max);
    if (size <= max) return result;
    throw new ClientError(
      'SDK.ResponseTooLarge',
      `${action} was executed, but its response does not go through the queue: it has ${size} bytes, and the maxResultSize is ${max}`,
    );
  }
}

/** Those of all deliveries, counted as one call's. */
export function together(prior: readonly Attempt[], attempts: readonly Attempt[]): readonly Attempt[] {
  if (prior.length === 0) return attempts;
  return [...prior, ...attempts].map((attempt, i) => ({ ...attempt, number: i + 1 }));
}

/** In bytes, as far as it matters: no character has more than three of them for each of its units. */
function sizeOf(result: CallResult, max: number): number {
  const json = JSON.stringify(result);
  return json.length * 3 <= max ? json.length : new TextEncoder().encode(json).length;
}
