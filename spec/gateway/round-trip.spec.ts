/** A client, a gateway and the emulator, against a client and the emulator alone. */
import { catchError, concat, EMPTY, lastValueFrom, mergeMap, Observable, of, throwError, toArray } from 'rxjs';
import type { BlobLike } from '../../lib/service.js';
import { AlicloudClient } from '../../lib/client.js';
import { isServerError, NetworkError, toAlicloudError } from '../../lib/errors.js';
import { createGateway, type Gateway } from '../../lib/gateway/index.js';
import { isRegionNaming } from '../../lib/gateway/regions.js';
import { fromReadableStream } from '../../lib/interop/from-readable-stream.js';
import type { AnyOperation, Operation, ServiceDefinition } from '../../lib/service.js';
import { contactcenterai } from '../../lib/services/contactcenterai.js';
import { cs } from '../../lib/services/cs.js';
import { describeInstances, describeRegions, ecs, runInstances, stopInstance } from '../../lib/services/ecs.js';
import { fc } from '../../lib/services/fc.js';
import { imageseg, segmentBody } from '../../lib/services/imageseg.js';
import { ros } from '../../lib/services/ros.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';
import type { Choices } from '../conformance/choices.js';
import { sampleRequest } from '../conformance/samples.js';
import { base, credentials, origin, regionId } from './support.js';

type Called = Operation<unknown, unknown>;
const definitions: readonly ServiceDefinition<Readonly<Record<string, AnyOperation>>>[] = [
  ecs,
  cs,
  fc,
  ros,
  imageseg,
  contactcenterai,
].map(({ service, operations }) => ({ service, operations: { ...operations } }));
const every = definitions.flatMap(({ operations }) => Object.values(operations));
const isSpecial = ({ responseType, bodyType, upload, path }: AnyOperation): boolean =>
  responseType !== undefined || bodyType === 'bytes' || upload !== undefined || path?.includes('?') === true;
const chosen = every.filter((operation, index) => isSpecial(operation) || index % 12 === 0);

/** As a page's `fetch`, to a gateway in this process. */
function fetchOver(gateway: Gateway): Transport {
  const fetched = ({ url, method, headers, body }: HttpRequest): Observable<Response> =>
    new Observable((subscriber) => {
      const caller = new AbortController();
      const request = new Request(url, {
        method,
        headers: { ...headers, origin, 'sec-fetch-site': 'same-origin' },
        body: (body ?? null) as BodyInit | null,
        signal: caller.signal,
      });
      let hasHead = false;
      gateway.handle(request).then(
        (response) => {
          hasHead = true;
          subscriber.next(response);
          subscriber.complete();
        },
        (error: unknown) => subscriber.error(error),
      );
      // From then on it is the body that is cancelled.
      return () => {
        if (!hasHead) caller.abort();
      };
    });
  const headOf = ({ status, headers }: Response): HttpHead => ({ status, headers: Object.fromEntries(headers) });
  return {
    send: (request) =>
      fetched(request).pipe(
        mergeMap(async (response): Promise<HttpResponse> => {
          const bytes = new Uint8Array(await response.arrayBuffer());
          const isBytes = request.responseType === 'bytes';
          return {
            ...headOf(response),
            body: isBytes ? '' : new TextDecoder().decode(bytes),
            ...(isBytes ? { bytes } : {}),
          };
        }),
      ),
    stream: (request) =>
      fetched(request).pipe(
        mergeMap((response) => {
          const pieces$: Observable<Uint8Array> = response.body === null ? EMPTY : fromReadableStream(response.body);
          return concat(of(headOf(response)), pieces$);
        }),
        catchError((error: unknown) => throwError(() => new NetworkError(String(error), origin))),
      ),
  };
}

interface Ways {
  readonly direct: AlicloudClient;
  readonly through: AlicloudClient;
  readonly gateway: Gateway;
}

function waysOf(operations: readonly AnyOperation[]): Ways {
  const now = Date.now();
  // Of one time, so that what boots in both has come as far.
  const [own, behind] = [0, 1].map(() => createEmulator({ seed: 'round trip', clock: () => now })) as [
    Emulator,
    Emulator,
  ];
  const gateway = createGateway({
    client: { regionId, credentials, transport: behind.transport, retry: false },
    origins: [origin],
    allow: operations,
    authorize: () => ({ id: 'a' }),
    rates: { requests: 100_000 },
    warn: () => undefined,
  });
  return {
    gateway,
    direct: new AlicloudClient({ regionId, credentials, transport: own.transport, retry: false }),
    through: new AlicloudClient({ regionId, gateway: base, transport: fetchOver(gateway), retry: false }),
  };
}

/** All that a call emits, and what it ends in. */
function outcomeOf(client: AlicloudClient, operation: AnyOperation, request: unknown, options = {}): Promise<unknown> {
  const answers$: Observable<unknown> = client.call(operation as Called, request, options);
  return lastValueFrom(
    answers$.pipe(
      toArray<unknown>(),
      catchError((error: unknown): Observable<unknown> => {
        const { code, message, name } = toAlicloudError(error);
        return of(
          isServerError(error) ? { code, message, status: error.status, requestId: error.requestId } : { name, code },
        );
      }),
    ),
  );
}

let count = 0;
const choices: Choices = {
  takes: () => count++ % 3 !== 0,
  size: () => 2,
  text: (name: string) => (isRegionNaming(name) ? regionId : `täxt ${name} /?&=%`),
  pathText: (name: string) => (isRegionNaming(name) ? regionId : `p/${name} ü`),
  headerText: (name: string) => (isRegionNaming(name) ? regionId : `h-${name}`),
  number: () => 3,
  integer: () => 9_007_199_254_740_993n,
  flag: () => true,
  anything: () => ({ a: [1, 'b', null], c: { d: false } }),
} as unknown as Choices;

describe('a call through a gateway is what it is directly', () => {
  const ways = waysOf(chosen);

  it.each(chosen.map((operation) => [`${operation.service.product} ${operation.action}`, operation] as const))(
    '%s',
    async (_, operation) => {
      const request = sampleRequest(operation, choices);
      const [direct, through] = [
        await outcomeOf(ways.direct, operation, request),
        await outcomeOf(ways.through, operation, request),
      ];
      expect(through).toEqual(direct);
    },
  );

  it.each(['events', 'bytes', 'text'])('among them of %s', (kind) => {
    expect(chosen.map(({ responseType }) => responseType)).toContain(kind);
  });

  it('among them with bytes, with files, and of ROA', () => {
    expect(chosen.some(({ bodyType }) => bodyType === 'bytes')).toBe(true);
    expect(chosen.some(({ upload }) => upload !== undefined)).toBe(true);
    expect(chosen.some(({ path }) => path !== undefined)).toBe(true);
  });
});

describe('through a gateway', () => {
  it('bytes come in pieces, and files go', async () => {
    const invoke = fc.operations.invokeFunction;
    const ways = waysOf([invoke, segmentBody]);
    const content = Uint8Array.from({ length: 100_000 }, (_, index) => index);
    const request = { functionName: 'f', body: content };
    const options = { observe: 'stream' };
    expect(await outcomeOf(ways.through, invoke, request, options)).toEqual(
      await outcomeOf(ways.direct, invoke, request, options),
    );
    const file: BlobLike = new Blob([content]);
    expect(await outcomeOf(ways.through, segmentBody, { ImageURL: file })).toEqual(
      await outcomeOf(ways.direct, segmentBody, { ImageURL: file }),
    );
  });

  it('errors of the service are what they are', async () => {
    const ways = waysOf([stopInstance]);
    const request = { InstanceId: 'i-none' };
    const through = await outcomeOf(ways.through, stopInstance, request);
    expect(through).toMatchObject({ code: 'InvalidInstanceId.NotFound', status: 404 });
    expect(through).toEqual(await outcomeOf(ways.direct, stopInstance, request));
  });

  it('refusals are errors with their code', async () => {
    const { through } = waysOf([describeRegions]);
    expect(await outcomeOf(through, runInstances, { RegionId: regionId })).toMatchObject({
      code: 'Gateway.OperationNotAllowed',
      status: 403,
    });
    expect(await outcomeOf(through, describeRegions, {}, { regionId: 'cn-beijing' })).toMatchObject({
      code: 'Gateway.Forbidden',
      status: 403,
    });
  });

  it('lists are read page by page', async () => {
    const { through, direct } = waysOf([describeInstances, runInstances]);
    for (const client of [through, direct]) {
      await lastValueFrom(
        client.call(runInstances, { RegionId: regionId, ImageId: 'i', InstanceType: 'ecs.t6-c1m1.large', Amount: 25 }),
      );
    }
    const idsOf = (client: AlicloudClient): Promise<unknown> =>
      lastValueFrom(client.items(describeInstances, { PageSize: 10 }).pipe(toArray()));
    const all = await idsOf(through);
    expect(all).toHaveLength(25);
    expect(all).toEqual(await idsOf(direct));
  });

  it('a repetition of a lost answer gets it, and nothing is made twice', async () => {
    const { gateway, through } = waysOf([runInstances, describeInstances]);
    const lossy = fetchOver(gateway);
    let lost = 0;
    const client = new AlicloudClient({
      regionId,
      gateway: base,
      transport: {
        send: (request) =>
          lossy
            .send(request)
            .pipe(
              mergeMap((response) =>
                lost++ === 0 ? throwError(() => new NetworkError('reset', origin, 'ECONNRESET')) : of(response),
              ),
            ),
      },
      retry: { maxAttempts: 2, baseDelay: 0 },
    });
    const { InstanceIdSets } = await lastValueFrom(
      client.call(runInstances, { RegionId: regionId, ImageId: 'i', InstanceType: 'ecs.t6-c1m1.large', Amount: 1 }),
    );
    expect(lost).toBe(2);
    const listed = await lastValueFrom(through.items(describeInstances, {}).pipe(toArray()));
    expect(listed.map(({ InstanceId }) => InstanceId)).toEqual(InstanceIdSets?.InstanceIdSet);
  });
});
