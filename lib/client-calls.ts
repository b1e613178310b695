/** A client's calls: each an Observable, subscribed to through the pipeline. */
import { catchError, filter, map, throwError, type Observable, type Observer, type Subscription } from 'rxjs';
import { isolate } from './isolate.js';
import { isSubscriber, tellComplete, tellError, tellNext, type Listener } from './async/listener.js';
import { LeanObservable } from './async/task.js';
import { toAlicloudError } from './errors.js';
import type { HttpEvent } from './http-event.js';
import type { CallRequest } from './interceptor.js';
import type { CallContext, CallKind, Observe } from './pipeline/call-context.js';
import { withCall } from './pipeline/call-details.js';
import type { Runtime } from './pipeline/runtime.js';
import type { Handler } from './pipeline/stage.js';

/** Cold: each subscription is one call. */
export type MakeCall = <T>(call: CallRequest, kind: CallKind) => Observable<T>;

export function callsOf(runtime: Runtime, handle: Handler): MakeCall {
  return <T>(call: CallRequest, kind: CallKind): Observable<T> =>
    new LeanObservable((listener) => {
      let context: CallContext;
      try {
        context = runtime.contextOf(call, kind);
      } catch (error) {
        // Its options can't be read, so that its region is the client's at most.
        const described = withCall(toAlicloudError(error), { ...call, options: undefined }, runtime.settings.regionId);
        return throwError(() => described).subscribe(listener ?? undefined);
      }
      const events$ = handle(context);
      return events$ instanceof LeanObservable
        ? subscribeLean(events$, context, listener)
        : isolate(events$.pipe(readEvents<T>(context))).subscribe(listener ?? undefined);
    });
}

/** What its listener wants of the events of a call. What the tables make of an answer is what the descriptor's types say. */
function wantedOf(event: HttpEvent, observe: Observe): unknown {
  return observe === 'body' && 'body' in event ? event.body : event;
}

function isWanted(event: HttpEvent, observe: Observe): boolean {
  return observe === 'events' || 'body' in event;
}

function readEvents<T>(call: CallContext): (events$: Observable<HttpEvent>) => Observable<T> {
  const { observe } = call.kind;
  return (events$) =>
    events$.pipe(
      filter((event) => isWanted(event, observe)),
      map((event) => wantedOf(event, observe) as T),
      catchError((error: unknown) => throwError(() => call.describeError(error))),
    );
}

/** The same with one object, where there is nothing around the queue: a million calls may be waiting in it. */
function subscribeLean<T>(events$: Observable<HttpEvent>, call: CallContext, listener: Listener<T>): Subscription {
  if (!isSubscriber(listener)) return events$.subscribe(new EventReader(call, listener));
  events$.subscribe(new LinkedEventReader(call, listener));
  return listener;
}

class EventReader<T> implements Observer<HttpEvent> {
  constructor(
    private readonly call: CallContext,
    protected readonly listener: Listener<T>,
  ) {}

  next(event: HttpEvent): void {
    const { observe } = this.call.kind;
    if (isWanted(event, observe)) tellNext(this.listener, wantedOf(event, observe) as T);
  }

  /** The dispatcher has said which call it is of. */
  error(error: unknown): void {
    tellError(this.listener, error);
  }

  complete(): void {
    tellComplete(this.listener);
  }
}

/** Of a Subscriber, which may be closed while the call is being subscribed to. */
class LinkedEventReader<T> extends EventReader<T> {
  declare protected readonly listener: Observer<T> & Subscription;

  get closed(): boolean {
    return this.listener.closed;
  }

  add(subscription: Subscription): void {
    this.listener.add(subscription);
  }
}
