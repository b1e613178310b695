import { catchError, defer, from, map, mergeMap, of, reduce, throwError, type Observable } from 'rxjs';
import type { CallOptions } from '../call-options.js';
import type { AlicloudClient } from '../client.js';
import { checkOption, checkOptions, plainObject, withMethod, type Rule, type Rules } from '../schema/options.js';
import type { Operation } from '../service.js';
import { clockOf } from './clock-of.js';
import { isNotFound } from './is-not-found.js';
import { poll, pollRules, pollSettings, type PollOptions, type PollSettings, type Verdicts } from './poll.js';
import type { Waiter } from './waiter.js';

export interface WaitForOptions extends PollOptions {
  /** Of each request, such as `{ regionId: 'cn-beijing' }`. @default the client's */
  readonly call?: Omit<CallOptions, 'observe'> | undefined;
}

/**
 * Asks for the states of resources until all of them are in the one that the waiter waits for. Emits what is known of them
 * after each round of requests, in the order of `ids` and without those that are not there; the last emission is the one in
 * which all are there where they should be, and it completes.
 *
 * Any number of ids may be given: they are asked for in as few requests as the operation allows, five at a time. What a
 * service does not show yet, or shows no more, is waited for during `visibleWithin`, and is what a waiter such as
 * `instanceGone` waits for. In all else it is a {@link pollUntil}.
 *
 * Errors with `SDK.WaitTimeout` when `timeout` is over, and with `SDK.WaitFailed` when a resource is in a state from which
 * there is no way, or has not been there for `visibleWithin`. Their messages say which are not where they should be.
 *
 * @example
 * import { waitFor } from 'rx-alicloud/operators';
 * import { instanceRunning } from 'rx-alicloud/waiters/ecs';
 *
 * waitFor(client, instanceRunning, ['i-1', 'i-2']).subscribe({
 *   next: (instances) => console.log(instances.map(({ Status }) => Status)),
 *   complete: () => console.log('all are running'),
 * });
 *
 * @param ids one, or some; none at all completes without a request
 * @throws ConfigurationError at once, for ids or options that can't work
 */
export function waitFor<Request, Response, Item>(
  client: Pick<AlicloudClient, 'call'>,
  waiter: Waiter<Request, Response, Item>,
  ids: string | readonly string[] | undefined,
  options: WaitForOptions = {},
): Observable<readonly Item[]> {
  checkOption('client', client, withMethod('call', 'a client'));
  checkOption('waiter', waiter, aWaiter);
  checkOption('ids', ids, someIds);
  checkOptions(options, rules());
  const wanted = [...new Set(typeof ids === 'string' ? [ids] : ids)];
  const settings = pollSettings({ ...options, timeout: options.timeout ?? waiter.timeout });
  if (wanted.length === 0) return of([]);

  const round$ = askFor(client, waiter, wanted, options.call);
  return defer(() => poll(round$, verdictsOn(waiter, wanted, settings), settings));
}

/** Requests of one round that are under way at a time. */
const concurrent = 5;

function askFor<Request, Response, Item>(
  client: Pick<AlicloudClient, 'call'>,
  { resource }: Waiter<Request, Response, Item>,
  ids: readonly string[],
  options: CallOptions | undefined,
): Observable<readonly Item[]> {
  const { maxIds = 1, request, items, idOf } = resource;
  // What the arguments of a call are follows from its request, which is any here.
  const operation = resource.operation as Operation<Record<never, never>, Response>;
  const ask = (some: readonly string[]): Observable<readonly Item[]> =>
    defer(() => client.call(operation, request(some) as Record<never, never>, { ...options, observe: 'body' })).pipe(
      map((response) => items(response) ?? []),
      catchError((error: unknown) => {
        if (!isNotFound(error)) return throwError(() => error);
        // It does not say which of them is missing.
        return some.length === 1 ? of([]) : askEach(some.map((id) => [id]));
      }),
    );
  const askEach = (batches: readonly (readonly string[])[]): Observable<readonly Item[]> =>
    from(batches).pipe(
      mergeMap(ask, concurrent),
      reduce<readonly Item[], Item[]>((all, some) => (all.push(...some), all), []),
    );

  const batches = Array.from({ length: Math.ceil(ids.length / maxIds) }, (_, i) =>
    ids.slice(i * maxIds, (i + 1) * maxIds),
  );
  return defer(() => askEach(batches)).pipe(
    map((found) => {
      const byId = new Map(found.map((item) => [idOf(item), item]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    }),
  );
}

/** Of one subscription: it remembers when each resource was there last. */
function verdictsOn<Request, Response, Item>(
  waiter: Waiter<Request, Response, Item>,
  ids: readonly string[],
  { visibleWithin, scheduler }: PollSettings,
): Verdicts<readonly Item[]> {
  const { name, resource, states = [], gone = false, fails = [] } = waiter;
  const now = clockOf(scheduler);
  const lastSeen = new Map(ids.map((id) => [id, now()]));
  const stateById = (items: readonly Item[]) =>
    new Map(items.map((item) => [resource.idOf(item), resource.stateOf(item)]));
  const isThere = (state: string | undefined) => state !== undefined && states.includes(state);

  return {
    waiter: name,
    succeeds: (items) => {
      const known = stateById(items);
      return ids.every((id) => (known.has(id) ? isThere(known.get(id)) : gone));
    },
    fails: (items) => {
      const known = stateById(items);
      const asked = now();
      for (const id of known.keys()) if (id !== undefined) lastSeen.set(id, asked);
      const isLost = (id: string) => !gone && asked - (lastSeen.get(id) ?? asked) >= visibleWithin && !known.has(id);
      return [...known.values()].some((state) => state !== undefined && fails.includes(state)) || ids.some(isLost);
    },
    stateOf: (items) => {
      const known = stateById(items);
      const told = ids
        .filter((id) => (known.has(id) ? !isThere(known.get(id)) : !gone))
        .map((id) => `${id} ${known.has(id) ? (known.get(id) ?? 'in no state') : 'not there'}`);
      return told.length <= most ? told.join(', ') : `${told.slice(0, most).join(', ')} and ${told.length - most} more`;
    },
  };
}

/** How many resources an error names. */
const most = 3;

const aWaiter: Rule = {
  expected: 'a waiter, as `defineWaiter` gives it, with lists of states',
  fits: (value) => {
    const { resource, states = [], fails = [] } = Object(value) as Partial<Waiter<unknown, unknown, unknown>>;
    return typeof resource?.request === 'function' && Array.isArray(states) && Array.isArray(fails);
  },
};

const someIds: Rule = {
  expected: 'the id of a resource, or an array of such',
  fits: (value) => (Array.isArray(value) ? value.every(isId) : isId(value)),
};

function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Made when it is needed, so that bundlers can leave out what is not. */
function rules(): Rules<WaitForOptions> {
  return { ...pollRules(), call: plainObject };
}
