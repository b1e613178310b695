/** A call as a client's methods give it, and what waits for a slot. A million may, so that neither holds more than it must. */
import type { Observable, Subscription } from 'rxjs';
import type { Listener } from './async/listener.js';
import { LeanObservable } from './async/routed-call.js';
import type { CallRequest } from './interceptor.js';
import type { CallRecord } from './pipeline/record.js';
import type { FullResponse } from './response.js';

/** What a caller wants of a response. */
export type Read<T> = (response: FullResponse<unknown>) => T;

export type Send = (call: CallRequest, record: CallRecord) => Observable<FullResponse<unknown>>;

/** Through the pool if the async mode is on, or through the pool and else not at all. */
export type Route = 'route' | 'requireEnabled';

/** Who makes the calls. */
export interface CallDesk {
  /** What a subscription to a call is. */
  begin<T>(call: ClientCall<T>): Observable<T>;
  /** What it is when it has its slot. */
  start<T>(call: StartingCall<T>): Observable<T>;
}

/** Cold: each subscription is one call. */
export class ClientCall<T> extends LeanObservable<T> {
  constructor(
    readonly desk: CallDesk,
    readonly request: CallRequest,
    readonly route: Route,
    readonly read: Read<T>,
    readonly send: Send,
  ) {
    super();
  }

  protected override submit(listener: Listener<T>): Subscription {
    return this.desk.begin(this).subscribe(listener ?? undefined);
  }
}

/** One subscription to a call, to be subscribed to when it may start. */
export class StartingCall<T> extends LeanObservable<T> {
  constructor(
    readonly call: ClientCall<T>,
    /** In milliseconds since 1970. */
    readonly subscribedAt: number,
    /** Made when it starts, unless it is needed before. */
    readonly record: CallRecord | undefined,
  ) {
    super();
  }

  protected override submit(listener: Listener<T>): Subscription {
    return this.call.desk.start(this).subscribe(listener ?? undefined);
  }
}
