import { AsyncScope } from '#platform';
import { defer, finalize, map, of, ReplaySubject, share, tap, type Observable } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import type { HttpEvent } from '../http-event.js';
import type { CallInterceptor, CallRequest, InterceptedClient } from '../interceptor.js';
import { inContextOf } from '../pipeline/in-context-of.js';
import { isRead } from '../retry/is-read.js';
import { checkOptions, integerFrom, milliseconds, type Rules } from '../schema/options.js';
import type { AnyOperation } from '../service.js';
import { deepFreeze } from './deep-freeze.js';
import { requestKey } from './request-key.js';

export interface ShareReadsOptions {
  /** For how long an answer is given again, in milliseconds, >= 0, from when it came. @default 0, which is only what is in flight */
  readonly keepFor?: number | undefined;
  /** How many answers are kept: an integer >= 1. The oldest goes first. @default 1000 */
  readonly maxKept?: number | undefined;
}

/**
 * Makes one request of identical reads that are in flight at the same time, or whose answer is not older than `keepFor`: an
 * interceptor for the option `interceptors`. It stands before the queue, so that reads that join another take no slot.
 *
 * Identical are calls of one client, of the same operation, with equal requests and equal options. An operation that may do
 * anything but read is never merged, nor is one whose answer comes in pieces or whose progress is observed. The request is
 * aborted when the last of those who want its answer has unsubscribed; an error goes to all of them, and is not kept. The
 * limits of time are those of the call that was first.
 *
 * What several get is one object, and frozen. After a call that may change something, and while one is under way, no answer
 * from before is given again: a client reads what it has written.
 *
 * @example
 * const client = new EcsClient({ regionId: 'cn-hangzhou', credentials, interceptors: [shareReads({ keepFor: 5000 })] });
 *
 * @throws ConfigurationError at once, for options that can't work
 */
export function shareReads(options: ShareReadsOptions = {}): CallInterceptor {
  checkOptions(options, rules());
  const { keepFor = 0, maxKept = 1000 } = options;
  const identities = new Identities();
  const byClient = new WeakMap<InterceptedClient, Reads>();
  const readsOf = (client: InterceptedClient): Reads => {
    const reads = byClient.get(client) ?? new Reads(keepFor, maxKept);
    byClient.set(client, reads);
    return reads;
  };

  const unknown: InterceptedClient = { regionId: undefined };

  return (next, client = unknown) =>
    (call) => {
      const reads = readsOf(client);
      if (!isRead(call.operation)) return next(call).pipe(tap(reads.forgetting));
      const key = isWhole(call) ? identities.keyOf(call) : undefined;
      return key === undefined ? next(call) : reads.read(key, next(call));
    };
}

/** Made when it is needed, so that bundlers can leave out what is not. */
function rules(): Rules<ShareReadsOptions> {
  return { keepFor: milliseconds, maxKept: integerFrom(1) };
}

/** Whether its answer is one value that can be given to several. */
function isWhole({ operation, options }: CallRequest): boolean {
  const { responseType = 'json' } = operation;
  const { observe = 'body' } = options ?? {};
  return (responseType === 'json' || responseType === 'text') && (observe === 'body' || observe === 'response');
}

/** The reads of one client. */
class Reads {
  private readonly inFlight = new Map<string, Observable<HttpEvent>>();
  private readonly kept = new Map<string, { readonly event: HttpEvent; readonly until: number }>();
  readonly forgetting: Partial<Record<'subscribe' | 'next' | 'error' | 'finalize', () => void>>;

  constructor(
    private readonly keepFor: number,
    private readonly maxKept: number,
  ) {
    const forget = (): void => {
      this.inFlight.clear();
      this.kept.clear();
    };
    this.forgetting = { subscribe: forget, next: forget, error: forget, finalize: forget };
  }

  read(key: string, call: Observable<HttpEvent>): Observable<HttpEvent> {
    return defer(() => {
      this.dropStale();
      const kept = this.kept.get(key);
      if (kept !== undefined) return of(kept.event);
      // The answer may come in the async context of another.
      return (this.inFlight.get(key) ?? this.start(key, call)).pipe(inContextOf(new AsyncScope()));
    });
  }

  private start(key: string, call: Observable<HttpEvent>): Observable<HttpEvent> {
    const end = (): boolean => this.inFlight.get(key) === shared && this.inFlight.delete(key);
    const shared = call.pipe(
      map(frozen),
      tap({
        // Whoever reads again in answer wants an answer of their own.
        next: (event) => {
          if (event.kind === 'response' && end()) this.keep(key, event);
        },
        error: end,
      }),
      finalize(end),
      share({ connector: () => new ReplaySubject() }),
    );
    this.inFlight.set(key, shared);
    return shared;
  }

  private keep(key: string, event: HttpEvent): void {
    if (this.keepFor === 0) return;
    this.kept.set(key, { event, until: monotonicNow() + this.keepFor });
    const [oldest] = this.kept.keys();
    if (this.kept.size > this.maxKept && oldest !== undefined) this.kept.delete(oldest);
  }

  /** They are kept in the order in which they go stale, so that a timer is not needed. */
  private dropStale(): void {
    const now = monotonicNow();
    for (const [key, { until }] of this.kept) {
      if (until > now) return;
      this.kept.delete(key);
    }
  }
}

function frozen(event: HttpEvent): HttpEvent {
  if (event.kind !== 'response') return event;
  const { body, headers, attempts } = event;
  return Object.freeze({
    ...event,
    body: deepFreeze(body),
    headers: Object.freeze({ ...headers }),
    attempts: Object.freeze([...attempts]),
  });
}

/** What makes calls identical, within a client. */
class Identities {
  private readonly things = new WeakMap<object, number>();
  private count = 0;
  private readonly operations = new WeakMap<AnyOperation, string>();
  private readonly short = new Map<string, string>();
  private readonly identify = (thing: object): number => {
    const known = this.things.get(thing) ?? ++this.count;
    this.things.set(thing, known);
    return known;
  };

  /** `undefined` where the request can't be read: that is said when the call is made. */
  keyOf({ operation, request, options }: CallRequest): string | undefined {
    try {
      // The events are the same, whatever is observed of them.
      const { observe: _observe, ...others } = options ?? {};
      return `${this.operationKey(operation)} ${requestKey([request ?? {}, others], this.identify)}`;
    } catch {
      return undefined;
    }
  }

  /** By content, as a call without a description has an operation of its own each time; short, as tables are long. */
  private operationKey(operation: AnyOperation): string {
    const known = this.operations.get(operation);
    if (known !== undefined) return known;
    const long = requestKey(operation, this.identify);
    const key = this.short.get(long) ?? String(this.short.size);
    this.short.set(long, key);
    this.operations.set(operation, key);
    return key;
  }
}
