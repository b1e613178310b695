/** Makes a planned call, in the way in which it is to be made, and writes down how it ends. */
import { forkJoin, Observable, toArray } from 'rxjs';
import type { AlicloudError, BodyOptions, Callback, Channel } from '../../../lib/index.js';
import type { EcsClient } from '../../../lib/services/ecs.js';
import type { Ends } from './ends.js';
import type { Kind, PlannedCall } from './plan.js';

/** Completes when the call has ended; never errors. */
export function made(client: EcsClient, call: PlannedCall, ends: Ends): Observable<never> {
  const { kind, number, deadline } = call;
  const request = { ...requests[kind](number), ...(call.clientToken && { ClientToken: call.clientToken }) };
  const options = { headers: { 'x-marker': String(number) }, deadline };
  switch (call.way) {
    case 'observable':
      return observed(methodOf(client, kind)(request, options), call, ends);
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

function observed(response$: Observable<unknown>, { number, cancelAfter }: PlannedCall, ends: Ends): Observable<never> {
  return new Observable((subscriber) => {
    let isOver = false;
    const over = (): void => {
      isOver = true;
      clearTimeout(timer);
      subscriber.complete();
    };
    let timer: NodeJS.Timeout | undefined;
    const call = response$.subscribe({
      next: () => ends.value(number),
      error: (error: AlicloudError) => {
        ends.failed(number, error);
        over();
      },
      complete: () => {
        ends.end(number, 'value');
        over();
      },
    });
    const cancel = (): void => {
      if (isOver) return;
      call.unsubscribe();
      ends.end(number, 'cancelled');
      over();
    };
    if (cancelAfter === 0) cancel();
    else if (cancelAfter !== undefined && !isOver) timer = setTimeout(cancel, cancelAfter);
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
