/** Calls of every kind, without a spec beside them that looks in: for a page under a strict policy, and for workers. */
import { lastValueFrom, map, mergeMap, range, take, toArray } from 'rxjs';
import {
  accessKey,
  AlicloudClient,
  isClientError,
  isServerError,
  stringifyJson,
  type Operation,
} from '../../../lib/index.js';

const service = {
  product: 'Ecs',
  version: '2014-05-26',
  endpoints: { prefix: 'ecs', rule: 'regional', regions: {} },
} as const;
type Any<Response> = Operation<Record<string, unknown>, Response>;
const read: Any<{ N?: number | bigint }> = { service, action: 'DescribeZones', response: '{N:l}' };
const refused: Any<unknown> = { service, action: 'DeleteZone', response: '{N:l}' };
const events: Any<{ N?: number }> = { service, action: 'Watch', response: '{N:n}', responseType: 'events' };
const upload: Any<unknown> = {
  service,
  action: 'Put',
  path: '/put',
  body: 'body=a',
  bodyType: 'bytes',
  response: '{N:l}',
};

/** Where not even the first call came to something. */
export interface Failed {
  readonly where: string;
  readonly failure: string;
}

/** What the calls came to. */
export interface Tour {
  readonly where: string;
  readonly numbers: readonly (number | bigint | undefined)[];
  readonly refusal: string | undefined;
  readonly events: readonly (number | undefined)[];
  readonly upload: readonly string[];
  readonly pooled: number;
  /** What the policy forbade, and what nobody handled. */
  readonly complaints: readonly string[];
}

/** Calls the host that the script's own URL names, and tells the host that it came from what came of it. */
export async function tour(where: string): Promise<void> {
  const told = await visit(where).catch((error: unknown) => ({
    where,
    failure: isClientError(error) ? error.code : String(error),
  }));
  await fetch('/report', { method: 'POST', body: stringifyJson(told) ?? '' });
}

async function visit(where: string): Promise<Tour> {
  const complaints: string[] = [];
  addEventListener('securitypolicyviolation', (event) => complaints.push(event.violatedDirective));
  addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)));
  const endpoint = new URL(location.href).searchParams.get('api') ?? '';
  const credentials = accessKey('an-id', 'a-secret');
  const client = new AlicloudClient({
    regionId: 'cn-hangzhou',
    credentials,
    allowAccessKeyInBrowser: true,
    endpoint,
    retry: false,
  });
  const answered = await lastValueFrom(
    client.call(read, {}).pipe(
      map(({ N }) => N),
      toArray(),
    ),
  );
  const refusal = await lastValueFrom(client.call(refused, {})).catch((error: unknown) => error);
  // Unsubscribed from while more would come.
  const watched = await lastValueFrom(
    client.call(events, {}).pipe(
      take(1),
      map(({ N }) => N),
      toArray(),
    ),
  );
  const progress = await lastValueFrom(
    client.call(upload, { body: new Uint8Array(1000) }, { observe: 'events' }).pipe(
      map(({ kind }) => kind),
      toArray(),
    ),
  );
  client.enableAsync(2, 100);
  const pooled = await lastValueFrom(
    range(10).pipe(
      mergeMap(() => client.call(read, {})),
      toArray(),
    ),
  );
  await lastValueFrom(client.shutdown());
  return {
    where,
    numbers: answered,
    refusal: isServerError(refusal) ? refusal.code : String(refusal),
    events: watched,
    upload: [...new Set(progress)],
    pooled: pooled.length,
    complaints,
  };
}
