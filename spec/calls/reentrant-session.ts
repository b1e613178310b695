/** A client's session in which whoever is told anything may do anything in answer, and what must hold all the same. */
import {
  config,
  defer,
  delay,
  finalize,
  firstValueFrom,
  NEVER,
  Observable,
  of,
  throwError,
  UnsubscriptionError,
  type Subscriber,
} from 'rxjs';
import type { ShutdownOptions } from '../../lib/async/shutdown-options.js';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { NetworkError, type AlicloudError } from '../../lib/errors.js';
import type { CallEvent } from '../../lib/events/events.js';
import { RateLimiter } from '../../lib/throttling/rate-limiter.js';
import type { HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';
import { ok, read, refusal, throttle, write, writeOnce } from './support.js';

/** What comes of a request, and whether the server may have executed it. */
const outcomes = {
  ok: () => of(ok()),
  'ok, the last for a while': () => of(ok({ 'x-ratelimit-user-api': 'Limit:9,Remain:0,TimeLeft:20,Reset:0' })),
  throttled: () => of(throttle()),
  'throttled for a while': () => of(throttle({ 'x-acs-retry-after': '30' })),
  'throttled for long': () => of(throttle({ 'x-acs-retry-after': '600000' })),
  'a server in trouble': () => of(refusal(503, 'ServiceUnavailable')),
  'a failure': () => of(refusal(500, 'InternalError')),
  'a refusal': () => of(refusal(400, 'InvalidParameter')),
  'a reset': () => throwError(() => new NetworkError('reset', 'https://ecs.example', 'ECONNRESET')),
  silence: () => NEVER,
} satisfies Record<string, () => Observable<HttpResponse>>;
export type Outcome = keyof typeof outcomes;
export const outcomeNames = Object.keys(outcomes) as Outcome[];

/** Where something may be done: in a listener, an interceptor, a provider, a transport, a handler or a finaliser. */
export const hooks = [
  'queued',
  'started',
  'throttled',
  'attempt',
  'response',
  'retried',
  'finished',
  'failed',
  'cancelled',
  'refused',
  'interceptor',
  'attemptInterceptor',
  'credentials',
  'transport',
  'abort',
  'next',
  'error',
  'complete',
  'finaliser',
  'remaining',
] as const;
export type Hook = (typeof hooks)[number];

export type Act =
  | {
      readonly do: 'call';
      readonly way: 'observable' | 'channels' | 'callback';
      readonly operation: keyof typeof operations;
      readonly deadline: number;
    }
  /** Its own call, or one of those that there are. */
  | { readonly do: 'cancel'; readonly which: number | undefined }
  | { readonly do: 'throw' }
  | { readonly do: 'shutdown'; readonly options: ShutdownOptions }
  | { readonly do: 'enable'; readonly poolSize: number; readonly maxTaskQueueSize: number };

const operations = { read, write, writeOnce };

/** Done once, at a place that has been passed so many times. */
export interface Reaction {
  readonly at: Hook;
  readonly after: number;
  readonly act: Act;
}

export interface Script {
  /** Of the requests in turn; from then on all is well. In ms; 0: within `subscribe`. */
  readonly replies: readonly { readonly outcome: Outcome; readonly after: number }[];
  readonly steps: readonly (Act | { readonly do: 'wait'; readonly time: number })[];
  readonly reactions: readonly Reaction[];
}

interface Entry {
  readonly number: number;
  readonly operation: keyof typeof operations;
  readonly told: string[];
  caller?: Subscriber<unknown>;
  cancelled: boolean;
  mayBeExecuted: boolean;
  token: string | null;
}

class Problem extends Error {}

/** Plays a script to its end, and gives what went wrong and how calls ended. To be run with fake timers. */
export async function play({ replies, steps, reactions }: Script): Promise<{ wrongs: string[]; ends: string[] }> {
  const wrongs: string[] = [];
  const entries: Entry[] = [];
  const endsTold = new Map<number, number>();
  const pending = reactions.map((reaction) => ({ ...reaction }));
  const rateLimiter = new RateLimiter();
  let sent = 0;
  let underWay = 0;

  const isOwn = (error: unknown): boolean =>
    error instanceof UnsubscriptionError ? error.errors.every(isOwn) : error instanceof Problem;
  const before = config.onUnhandledError;
  config.onUnhandledError = (error) => {
    if (!isOwn(error)) wrongs.push(`nobody handled ${String(error)}`);
  };

  function pass(hook: Hook, own?: Entry): void {
    const reaction = pending.find(({ at }) => at === hook);
    if (reaction === undefined || reaction.after-- > 0) return;
    pending.splice(pending.indexOf(reaction), 1);
    perform(reaction.act, own);
  }

  function perform(act: Act, own?: Entry): void {
    switch (act.do) {
      case 'call':
        return call(act);
      case 'cancel':
        return cancel(act.which === undefined ? own : entries[act.which % entries.length]);
      case 'throw':
        throw new Problem('on purpose');
      case 'shutdown':
        return void client.shutdown(act.options).subscribe(() => pass('remaining'));
      case 'enable':
        return enable(act.poolSize, act.maxTaskQueueSize);
    }
  }

  function enable(poolSize: number, maxTaskQueueSize: number): void {
    try {
      client.enableAsync(poolSize, maxTaskQueueSize);
    } catch (error) {
      if ((error as AlicloudError).code !== 'SDK.AsyncAlreadyEnabled') wrongs.push(String(error));
    }
  }

  function cancel(entry: Entry | undefined): void {
    if (entry?.caller === undefined || entry.cancelled || isOver(entry)) return;
    entry.cancelled = true;
    try {
      entry.caller.unsubscribe();
    } catch (error) {
      if (!isOwn(error)) wrongs.push(`cancelling threw ${String(error)}`);
    }
  }

  function tell(entry: Entry, what: string, hook: Hook): void {
    const told = [...entry.told, what].join();
    if (entry.cancelled) wrongs.push(`call ${entry.number} was told ${what} after it was cancelled`);
    if (what === 'end' ? told !== 'value,end' : entry.told.length > 0) {
      wrongs.push(`call ${entry.number} was told ${told}`);
    }
    entry.told.push(what);
    pass(hook, entry);
  }

  function call({ operation, way, deadline }: Extract<Act, { do: 'call' }>): void {
    const number = entries.length;
    const entry: Entry = { number, operation, told: [], cancelled: false, mayBeExecuted: false, token: null };
    entries.push(entry);
    const request = { Marker: String(number) };
    const options = { deadline, query: request };
    const fail = (error: AlicloudError): void => {
      if (!expected.has(error.code)) wrongs.push(`call ${number} ended in ${error.code}: ${error.message}`);
      tell(entry, error.code, 'error');
    };
    if (way === 'observable') {
      const call$ = client.call(operations[operation], {}, options);
      const subscription = new Observable((caller) => {
        entry.caller = caller;
        return call$.subscribe(caller);
      }).subscribe({
        next: () => tell(entry, 'value', 'next'),
        error: fail,
        complete: () => tell(entry, 'end', 'complete'),
      });
      if (!subscription.closed) subscription.add(() => pass('finaliser', entry));
    } else if (way === 'channels') {
      const [responses, errors] = client.callWithChan(operations[operation], {}, options);
      let hasValue = false;
      responses.asObservable().subscribe({
        next: () => ((hasValue = true), tell(entry, 'value', 'next')),
        complete: () => hasValue && tell(entry, 'end', 'complete'),
      });
      errors.asObservable().subscribe(fail);
    } else {
      const result = client.callWithCallback(
        operations[operation],
        {},
        (_response, error) => (error === undefined ? tell(entry, 'value', 'next') : fail(error)),
        options,
      );
      result.asObservable().subscribe((success) => success === 1 && tell(entry, 'end', 'complete'));
    }
  }

  const transport: Transport = {
    send: (request: HttpRequest) =>
      defer(() => {
        const { outcome, after } = replies[sent++] ?? { outcome: 'ok', after: 0 };
        const entry = entries[Number(new URL(request.url).searchParams.get('Marker'))];
        underWay++;
        let isOver = false;
        if (entry !== undefined) note(entry, outcome, request);
        const answer$ = defer(() => {
          pass('transport', entry);
          return after === 0 ? outcomes[outcome]() : outcomes[outcome]().pipe(delay(after));
        });
        return new Observable<HttpResponse>((subscriber) =>
          answer$.subscribe({
            next: (response) => subscriber.next(response),
            error: (error: unknown) => ((isOver = true), subscriber.error(error)),
            complete: () => ((isOver = true), subscriber.complete()),
          }),
        ).pipe(
          finalize(() => {
            underWay--;
            if (!isOver) pass('abort', entry);
          }),
        );
      }),
  };

  /** What is about to be executed again must be what may be. */
  function note(entry: Entry, outcome: Outcome, { url }: HttpRequest): void {
    const token = new URL(url).searchParams.get('ClientToken');
    if (entry.cancelled) wrongs.push(`call ${entry.number} was sent after it was cancelled`);
    if (isOver(entry)) wrongs.push(`call ${entry.number} was sent after its end`);
    if (entry.mayBeExecuted && entry.operation === 'write') wrongs.push(`call ${entry.number} may be executed twice`);
    if (entry.mayBeExecuted && token !== entry.token) wrongs.push(`call ${entry.number} has another client token`);
    entry.token = token;
    entry.mayBeExecuted ||= !outcome.startsWith('throttled');
  }

  const options: ClientOptions = {
    regionId: 'cn-hangzhou',
    rateLimiter,
    credentials: () =>
      defer(() => {
        pass('credentials');
        return of({ accessKeyId: 'id', accessKeySecret: 'secret' }).pipe(
          sent % 2 === 0 ? delay(1) : (given$) => given$,
        );
      }),
  };
  const client = new AlicloudClient({
    ...options,
    transport,
    interceptors: [
      (next) => (request) => {
        pass('interceptor', entries[Number(request.options?.query?.Marker)]);
        return next(request);
      },
    ],
    attemptInterceptors: [
      (next) => (request) => {
        pass('attemptInterceptor', entries[Number(request.call.options?.query?.Marker)]);
        return next(request);
      },
    ],
    enableAsync: true,
    poolSize: 2,
    maxTaskQueueSize: 3,
  });
  client.events$.subscribe(({ type, call: { id } }) => {
    if (ends.has(type)) endsTold.set(id, (endsTold.get(id) ?? 0) + 1);
    else endsTold.set(id, endsTold.get(id) ?? 0);
  });
  client.events$.subscribe(({ type, call: { id } }) => {
    if (isHook(type)) pass(type, entries[id - 1]);
  });

  for (const step of steps) {
    if (step.do === 'wait') await jest.advanceTimersByTimeAsync(step.time);
    else outside(() => perform(step));
  }
  await jest.advanceTimersByTimeAsync(1000);
  // What answers the end may begin anew, but only as often as there are reactions.
  for (let round = 0; round <= reactions.length; round++) {
    client.shutdown({ mode: 'abort' });
    await jest.advanceTimersByTimeAsync(1000);
    if (entries.every((entry) => entry.cancelled || isOver(entry))) break;
  }

  for (const entry of entries) {
    if (!entry.cancelled && !isOver(entry)) {
      wrongs.push(`call ${entry.number} was told no more than ${entry.told.join() || 'nothing'}`);
    }
  }
  for (const [id, count] of endsTold)
    if (count !== 1) wrongs.push(`the events tell of ${count} ends of call ${id - 1}`);
  const { running, waiting } = await firstValueFrom(client.stats$);
  if (running + waiting > 0) wrongs.push(`${running} calls run and ${waiting} wait after all have ended`);
  if (underWay > 0) wrongs.push(`${underWay} requests are under way after all calls have ended`);
  await checkLimiter();
  if (jest.getTimerCount() > 0) wrongs.push(`${jest.getTimerCount()} timers are left`);
  config.onUnhandledError = before;
  return { wrongs, ends: entries.map(({ told, cancelled }) => (cancelled ? 'cancelled' : told.join())) };

  /** Nothing that was learned, and nobody who was to try, stands in the way of those who come later. */
  async function checkLimiter(): Promise<void> {
    await jest.advanceTimersByTimeAsync(60_000);
    const other = new AlicloudClient({
      ...options,
      credentials: () => of({ accessKeyId: 'id', accessKeySecret: 'secret' }),
      transport: { send: () => of(ok()) },
    });
    for (const operation of [read, write, writeOnce]) {
      let end = 'nothing';
      other.call(operation, {}).subscribe({ error: String, complete: () => (end = 'complete') });
      await jest.advanceTimersByTimeAsync(1000);
      if (end !== 'complete') wrongs.push(`the throttle guard lets no ${operation.action} through`);
    }
  }

  function outside(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!isOwn(error)) throw error;
    }
  }
}

function isOver({ told }: Entry): boolean {
  return told.includes('end') || (told.length > 0 && told[0] !== 'value');
}

function isHook(type: CallEvent['type']): type is CallEvent['type'] & Hook {
  return (hooks as readonly string[]).includes(type);
}

const ends: ReadonlySet<string> = new Set(['finished', 'failed', 'cancelled', 'refused']);

const expected: ReadonlySet<string> = new Set([
  'InternalError',
  'InvalidParameter',
  'SDK.Aborted',
  'SDK.AsyncFunctionNotEnabled',
  'SDK.AsyncQueueFull',
  'SDK.CredentialsUnavailable',
  'SDK.NetworkError',
  'SDK.Throttled',
  'SDK.Timeout',
  'SDK.Unexpected',
  'ServiceUnavailable',
  'Throttling.User',
]);
