/** A client, a gateway and the emulator, against a client and the emulator alone. */
import { lastValueFrom, mergeMap, of, throwError, toArray } from 'rxjs';
import type { BlobLike } from '../../lib/service.js';
import { AlicloudClient } from '../../lib/client.js';
import { NetworkError } from '../../lib/errors.js';
import { isRegionNaming } from '../../lib/gateway/regions.js';
import type { AnyOperation, ServiceDefinition } from '../../lib/service.js';
import { contactcenterai } from '../../lib/services/contactcenterai.js';
import { cs } from '../../lib/services/cs.js';
import { describeInstances, describeRegions, ecs, runInstances, stopInstance } from '../../lib/services/ecs.js';
import { fc } from '../../lib/services/fc.js';
import { imageseg, segmentBody } from '../../lib/services/imageseg.js';
import { ros } from '../../lib/services/ros.js';
import type { Choices } from '../conformance/choices.js';
import { sampleRequest } from '../conformance/samples.js';
import { base, origin, regionId } from './support.js';
import { fetchOver, outcomeOf, waysOf } from './ways.js';

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
