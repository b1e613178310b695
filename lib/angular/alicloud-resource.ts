/** Calls as Angular's resources: made when their request changes, cancelled when it changes again. */
import { isPlatformServer } from '@angular/common';
import { inject, Injector, PLATFORM_ID, type ResourceRef, type Signal, type ValueEqualityFn } from '@angular/core';
import { rxResource, type RxResourceOptions } from '@angular/core/rxjs-interop';
import { catchError, identity, scan, takeLast, takeWhile, throwError, map, type Observable } from 'rxjs';
import { AlicloudClient } from '../client.js';
import type { CallOptions } from '../call-options.js';
import { toAlicloudError, type AlicloudError } from '../errors.js';
import type { PagesOptions } from '../paging/options.js';
import {
  checkOption,
  checkOptions,
  integerFrom,
  ofType,
  plainObject,
  withMethod,
  type Rule,
  type Rules,
} from '../schema/options.js';
import type { AnyOperation, Operation, PagedOperation } from '../service.js';

/** A resource of Angular's, whose error is one of the SDK's. */
export interface AlicloudResourceRef<T> extends ResourceRef<T> {
  readonly error: Signal<AlicloudError | undefined>;
  /** Whether there is a value, and `value()` may be read: of a resource that has failed, reading it throws. */
  hasValue(this: T extends undefined ? this : never): this is AlicloudResourceRef<Exclude<T, undefined>>;
  hasValue(): boolean;
}

/** What can be said for every resource. */
export interface AlicloudResourceOptions<T> {
  /** What it is before there is an answer, and while there is no request. @default undefined */
  readonly defaultValue?: T | undefined;
  /** Who makes the calls. @default the client of `provideAlicloud` */
  readonly client?: AlicloudClient | undefined;
  /** Options of the calls, such as `{ regionId, timeout }`. @default none */
  readonly call?: Omit<CallOptions, 'observe'> | undefined;
  /** Whether two values are the same, so that nobody is told of the second. @default `Object.is` */
  readonly equal?: ValueEqualityFn<T> | undefined;
  /** Where it belongs, outside of an injection context. @default the current injector */
  readonly injector?: Injector | undefined;
  /** From Angular 22 on: a text that no other resource of the page has, by which the browser finds the server's value at once. @default none */
  readonly id?: string | undefined;
  /** Its name in Angular's developer tools. @default none */
  readonly debugName?: string | undefined;
}

/** What can be said for a resource of an operation that answers with events. */
export interface CollectOptions {
  /** Whether its value is a list of all events so far instead of the latest one. @default false */
  readonly collect?: boolean | undefined;
}

/** What can be said for a resource of a list. */
export interface ItemsResourceOptions<Request, Response, Item> extends Omit<
  AlicloudResourceOptions<readonly Item[]>,
  'call'
> {
  /** How many items are read at most, an integer >= 1: no page is asked for that is not needed. @default all */
  readonly limit?: number | undefined;
  /** Options of reading the pages, and of their calls. @default none */
  readonly call?: PagesOptions<Request, Response, Item> | undefined;
}

interface WithDefault<T> {
  readonly defaultValue: NoInfer<T>;
}

/**
 * The response to a request that is made of signals: a call when the request is there and each time that it changes, which
 * cancels the one before; `reload()` makes it again. Without a request, `undefined`, it is idle. A server waits for it,
 * and the browser does not make the call again.
 *
 * Of an operation that answers with events, the value is the latest, or with `collect: true` a list that grows. A server
 * that renders does not begin them.
 *
 * @example
 * class InstancesPage {
 *   readonly size = signal(10);
 *   readonly instances = alicloudResource(describeInstances, () => ({ PageSize: this.size() }));
 * }
 * // In the template: `@for (each of instances.value()?.Instances?.Instance; track each.InstanceId) { … }`
 *
 * @param request gives the request, or `undefined`; it is run again when a signal in it changes
 * @throws ConfigurationError where an option can't work, and without `provideAlicloud` or `client`
 */
export function alicloudResource<Request, Response>(
  operation: Operation<Request, Response>,
  request: () => Request | undefined,
  options: AlicloudResourceOptions<readonly Response[]> & { readonly collect: true } & WithDefault<readonly Response[]>,
): AlicloudResourceRef<readonly Response[]>;
export function alicloudResource<Request, Response>(
  operation: Operation<Request, Response>,
  request: () => Request | undefined,
  options: AlicloudResourceOptions<readonly Response[]> & { readonly collect: true },
): AlicloudResourceRef<readonly Response[] | undefined>;
export function alicloudResource<Request, Response>(
  operation: Operation<Request, Response>,
  request: () => Request | undefined,
  options: AlicloudResourceOptions<Response> & { readonly collect?: false } & WithDefault<Response>,
): AlicloudResourceRef<Response>;
export function alicloudResource<Request, Response>(
  operation: Operation<Request, Response>,
  request: () => Request | undefined,
  options?: AlicloudResourceOptions<Response> & { readonly collect?: false },
): AlicloudResourceRef<Response | undefined>;
export function alicloudResource(
  operation: AnyOperation,
  request: () => unknown,
  options: AnyOptions & CollectOptions = {},
): AlicloudResourceRef<unknown> {
  checkOptions(options, resourceRules);
  const { collect = false, call } = options;
  const isStream = operation.responseType === 'events';
  return resourceOf(request, options, (client, isServer) => ({
    isIdle: isStream && isServer,
    answer: (given) => {
      const answers$ = client.call(operation as Operation<unknown, unknown>, given, call);
      return collect ? answers$.pipe(scan((all: readonly unknown[], each) => [...all, each], [])) : answers$;
    },
  }));
}

/**
 * The items of all pages of a list: the value grows with each page, and a server waits for the last. In all else as
 * {@link alicloudResource}.
 *
 * @example
 * const running = alicloudItems(describeInstances, () => ({ Status: 'Running' }), { limit: 100 });
 */
export function alicloudItems<Request, Response, Item>(
  operation: PagedOperation<Request, Response, Item>,
  request: () => Request | undefined,
  options: ItemsResourceOptions<Request, Response, Item> & WithDefault<readonly Item[]>,
): AlicloudResourceRef<readonly Item[]>;
export function alicloudItems<Request, Response, Item>(
  operation: PagedOperation<Request, Response, Item>,
  request: () => Request | undefined,
  options?: ItemsResourceOptions<Request, Response, Item>,
): AlicloudResourceRef<readonly Item[] | undefined>;
export function alicloudItems(
  operation: AnyOperation,
  request: () => unknown,
  options: AnyOptions & { readonly limit?: number | undefined } = {},
): AlicloudResourceRef<unknown> {
  checkOptions(options, itemsRules);
  const { limit = Infinity, call } = options;
  return resourceOf(request, options, (client, isServer) => ({
    isIdle: false,
    answer: (given) =>
      client.pages(operation as PagedOperation<unknown, unknown, unknown>, given, call).pipe(
        scan((all: readonly unknown[], { items }) => [...all, ...items], []),
        takeWhile(({ length }) => length < limit, true),
        map((all) => (all.length > limit ? all.slice(0, limit) : all)),
        // A page that is rendered shows the whole list.
        isServer ? takeLast(1) : identity,
      ),
  }));
}

/** The options of either kind, for values of any type. */
interface AnyOptions extends Omit<AlicloudResourceOptions<unknown>, 'equal'> {
  readonly equal?: ValueEqualityFn<never> | undefined;
}

/** How a resource gets its values. */
interface Source {
  readonly isIdle: boolean;
  readonly answer: (request: unknown) => Observable<unknown>;
}

function resourceOf(
  request: () => unknown,
  { client, injector, defaultValue, equal, id, debugName }: AnyOptions,
  sourceOf: (client: AlicloudClient, isServer: boolean) => Source,
): AlicloudResourceRef<unknown> {
  checkOption('request', request, ofType('function', 'a function that gives the request, or undefined'));
  const from = injector ?? inject(Injector);
  const source = sourceOf(client ?? from.get(AlicloudClient), isPlatformServer(from.get(PLATFORM_ID)));
  // `id` is known from Angular 22 on, and passed over before.
  const options: RxResourceOptions<unknown, unknown> & { readonly id?: string } = {
    params: () => (source.isIdle ? undefined : request()),
    stream: ({ params }) =>
      source.answer(params).pipe(catchError((error: unknown) => throwError(() => toAlicloudError(error)))),
    injector: from,
    ...(defaultValue !== undefined && { defaultValue }),
    ...(equal !== undefined && { equal: equal as ValueEqualityFn<unknown> }),
    ...(id !== undefined && { id }),
    ...(debugName !== undefined && { debugName }),
  };
  // Whatever it ends in is one of the SDK's errors, by the line above.
  return rxResource(options) as AlicloudResourceRef<unknown>;
}

const anything: Rule = { expected: 'anything', fits: () => true };

const resourceRules: Rules<AlicloudResourceOptions<unknown> & CollectOptions> = {
  defaultValue: anything,
  client: withMethod('call', 'a client'),
  call: plainObject,
  equal: ofType('function'),
  injector: withMethod('get', 'an Injector'),
  id: ofType('string'),
  debugName: ofType('string'),
  collect: ofType('boolean'),
};

const { collect: _, ...everyResource } = resourceRules;

const itemsRules: Rules<ItemsResourceOptions<unknown, unknown, unknown>> = { ...everyResource, limit: integerFrom(1) };
