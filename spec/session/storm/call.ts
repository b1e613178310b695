/** Makes a planned call, in the way in which it is to be made, and writes down how it ends. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  catchError,
  EMPTY,
  forkJoin,
  ignoreElements,
  Observable,
  type Subscription,
  toArray,
  UnsubscriptionError,
} from 'rxjs';
import type { AlicloudError, BodyOptions, Callback, Channel } from '../../../lib/index.js';
import type { EcsClient } from '../../../lib/services/ecs.js';
import type { Ends } from './ends.js';
import type { Kind, PlannedCall } from './plan.js';

/** Completes when the call has ended; never errors. */
export function made(client: EcsClient, call: PlannedCall, ends: Ends): Observable<never> {
  const { kind, number, deadline, readTimeout } = call;
  const request = { ...requests[kind](number), ...(call.clientToken && { ClientToken: call.clientToken }) };
  const options = { headers: { 'x-marker': String(number) }, deadline, readTimeout };
  switch (call.way) {
    case 'observable':
      return observed(methodOf(client, kind)(request, options), client, call, ends);
    case 'channels':
      return received(methodOf(client, `${kind}WithChan`)(request, options), number, ends);
    case 'callback':
      return calledBack(
        (callback) => methodOf(client, `${kind}WithCallback`)(request, callback, options),
        number,
        ends,
      );
  }
}

/** What a caller's own code throws. */
export class Mischief extends Error {}

const context = new AsyncLocalStorage<number>();

function observed(
  response$: Observable<unknown>,
  client: EcsClient,
  { number, cancelAfter, trouble }: PlannedCall,
  ends: Ends,
): Observable<never> {
  return new Observable((subscriber) => {
    let isOver = false;
    let isLeaving = false;
    let timer: NodeJS.Timeout | undefined;
    let call: Subscription | undefined;
    const over = (): void => {
      isOver = true;
      clearTimeout(timer);
      listening?.unsubscribe();
      if (trouble === 'reentrantCall') callAgain(client, ends).subscribe(subscriber);
      else subscriber.complete();
    };
    const told = (act: () => void) => (): void => {
      if (trouble === 'asyncContext' && context.getStore() !== number) {
        ends.wrongs.push(`call ${number} was told in the async context of ${context.getStore() ?? 'nobody'}`);
      }
      act();
    };
    const cancel = (): void => {
      if (isOver) return;
      isLeaving = true;
      leave(call);
      ends.end(number, 'cancelled');
      over();
    };
    const listening = trouble === 'reentrantCancel' ? onLaterEvent(client, cancel) : undefined;
    const inner = context.run(number, () =>
      new Observable((caller) => {
        // Known before the call begins, which is when its first events come.
        call = caller;
        return response$.subscribe(caller);
      }).subscribe({
        next: told(() => ends.value(number)),
        error: (error: AlicloudError) =>
          told(() => {
            ends.failed(number, error);
            over();
          })(),
        complete: told(() => {
          ends.end(number, 'value');
          over();
        }),
      }),
    );
    if (trouble === 'throwingTeardown' && !inner.closed) {
      inner.add(() => {
        // Whoever unsubscribes is thrown at.
        if (!isLeaving) ends.thrown++;
        throw new Mischief();
      });
    }
    if (cancelAfter === 0) cancel();
    else if (cancelAfter !== undefined && !isOver) timer = setTimeout(cancel, cancelAfter);
  });
}

function leave(call: Subscription | undefined): void {
  try {
    call?.unsubscribe();
  } catch (error) {
    const isOwn = error instanceof UnsubscriptionError && error.errors.every((each) => each instanceof Mischief);
    if (!isOwn) throw error;
  }
}

/** Two calls more, one of which is given up at once; completes when the other has ended. */
function callAgain(client: EcsClient, ends: Ends): Observable<never> {
  ends.extra += 2;
  const again$ = client.describeRegions({}, { headers: { 'x-marker': '-1' } });
  again$.subscribe({ error: () => undefined }).unsubscribe();
  return again$.pipe(
    ignoreElements(),
    catchError(() => EMPTY),
  );
}

/** When the next call has come on its way: has been throttled, or is to be repeated, or else has begun. */
function onLaterEvent(client: EcsClient, act: () => void): Subscription {
  let id: number | undefined;
  return client.events$.subscribe(({ type, call }) => {
    // Its own first event comes within `subscribe`.
    id ??= call.id;
    if (call.id === id && (type === 'throttled' || type === 'retried')) act();
  });
}

function received(
  [responses, errors]: [Channel<unknown>, Channel<AlicloudError>],
  number: number,
  ends: Ends,
): Observable<never> {
  return new Observable((subscriber) =>
    forkJoin([responses.asObservable().pipe(toArray()), errors.asObservable().pipe(toArray())]).subscribe(
      ([values, failures]) => {
        for (const _value of values) ends.value(number);
        for (const failure of failures) ends.failed(number, failure);
        // Neither would be an end without a word, and leaves the call among those that never end.
        if (values.length > 0) ends.end(number, 'value');
        subscriber.complete();
      },
    ),
  );
}

function calledBack(
  start: (callback: Callback<unknown>) => Channel<0 | 1>,
  number: number,
  ends: Ends,
): Observable<never> {
  return new Observable((subscriber) => {
    let hasReturned = false;
    let succeeded: boolean | undefined;
    const results = start((response, error) => {
      if (!hasReturned) ends.wrongs.push(`call ${number} called back before its method had returned`);
      succeeded = error === undefined;
      if (error !== undefined) return ends.failed(number, error);
      if (response !== undefined) ends.value(number);
      ends.end(number, 'value');
    });
    hasReturned = true;
    results
      .asObservable()
      .pipe(toArray())
      .subscribe((told) => {
        if (told.length !== 1 || told[0] !== Number(succeeded)) {
          ends.wrongs.push(`call ${number} told its channel ${told.join(', ') || 'nothing'}`);
        }
        subscriber.complete();
      });
  });
}

const RegionId = 'cn-hangzhou';

const requests: Readonly<Record<Kind, (number: number) => object>> = {
  describeRegions: () => ({}),
  describeInstances: () => ({ RegionId }),
  runInstances: (number) => ({ RegionId, InstanceName: `storm-${number}` }),
  createDisk: (number) => ({ RegionId, DiskName: `storm-${number}`, Size: 20 }),
  createKeyPair: (number) => ({ RegionId, KeyPairName: `storm-${number}` }),
  tagResources: (number) => ({
    RegionId,
    ResourceType: 'instance',
    ResourceId: [`i-${number}`],
    Tag: [{ Key: 'storm', Value: 'yes' }],
  }),
};

interface Methods {
  observable: (request: object, options: BodyOptions) => Observable<unknown>;
  channels: (request: object, options: BodyOptions) => [Channel<unknown>, Channel<AlicloudError>];
  callback: (request: object, callback: Callback<unknown>, options: BodyOptions) => Channel<0 | 1>;
}

type MethodOf<Name extends string> = Name extends `${string}WithChan`
  ? Methods['channels']
  : Name extends `${string}WithCallback`
    ? Methods['callback']
    : Methods['observable'];

/** One cast: that a request is the one of its method is what `requests` says. */
function methodOf<Name extends string>(client: EcsClient, name: Name): MethodOf<Name> {
  const methods = client as unknown as Readonly<Record<Name, MethodOf<Name>>>;
  return methods[name].bind(client) as MethodOf<Name>;
}
