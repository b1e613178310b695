/** Regions, access keys, retries and kinds of calls, all of them through one client at the same time. */
import { tap } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { AttemptInterceptor, CallInterceptor } from '../../lib/interceptor.js';
import { createCredentialStore } from '../../lib/testing/credentials.js';
import { createIds } from '../../lib/testing/ids.js';
import { verifyV3 } from '../../lib/testing/verify-v3.js';
import { parseRequest } from '../../lib/testing/wire.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { refusal } from './support.js';
import { answerTo, bytes, piece, playOn, serverSent, upload, whole, type Reply } from './wire.js';

const regions = ['cn-hangzhou', 'cn-beijing'];
const keys = ['LTAI5tOne', 'LTAI5tTwo'].map((accessKeyId) => ({
  accessKeyId,
  accessKeySecret: `secret-of-${accessKeyId}`,
}));
const kinds = [
  { kind: 'whole answer', operation: whole, options: {}, given: [{ N: 1 }] },
  { kind: 'streamed bytes', operation: bytes, options: { observe: 'stream' }, given: [piece('{"N":1}')] },
  { kind: 'server-sent events', operation: serverSent, options: {}, given: [{ N: 1 }, { N: 2 }] },
  { kind: 'upload', operation: upload, options: {}, given: [{ N: 1 }] },
];

interface Cell {
  readonly marker: string;
  readonly region: string;
  readonly key: (typeof keys)[number];
  readonly retries: boolean;
  readonly kind: (typeof kinds)[number];
}

const cells: readonly Cell[] = kinds.flatMap((kind) =>
  regions.flatMap((region) =>
    keys.flatMap((key) =>
      [true, false].map((retries) => ({
        marker: [kind.operation.action, region, key.accessKeyId, retries ? 'repeated' : 'once'].join(':'),
        region,
        key,
        retries,
        kind,
      })),
    ),
  ),
);

const markerOf = ({ url }: { readonly url: string }): string | null => new URL(url).searchParams.get('Marker');
const isUpload = ({ kind }: Cell): boolean => kind.operation === upload;

/** Whose secret has signed it; throws where that is nobody's. */
function signerOf({ method, url, headers, body = '' }: HttpRequest): string {
  const { host, pathname, search } = new URL(url);
  const request = parseRequest({ method, target: pathname + search, headers: { ...headers, host }, body });
  return verifyV3(request, createCredentialStore(keys, createIds('seed'))).accessKeyId;
}

/** The first request of each call is refused, those of its uploads are not. */
function refuseFirst(): (request: HttpRequest) => Reply {
  const refused = new Set<string>();
  return (request) => {
    const marker = markerOf(request);
    if (marker === null || refused.has(marker)) return answerTo(request);
    refused.add(marker);
    return refusal(503, 'ServiceUnavailable');
  };
}

describe.each([
  ['each directly', {}],
  ['in a pool of three', { enableAsync: true, poolSize: 3 }],
])('calls of all kinds at the same time, %s', (_, mode) => {
  const interceptedCalls: unknown[] = [];
  const interceptedAttempts: string[] = [];
  const interceptors: CallInterceptor[] = [
    (next) => (call) => {
      const { Marker } = call.request as { Marker: string };
      return next(call).pipe(
        tap({ complete: () => interceptedCalls.push(Marker), error: () => interceptedCalls.push(Marker) }),
      );
    },
  ];
  const attemptInterceptors: AttemptInterceptor[] = [
    (next) => (request) => {
      const { host } = new URL(request.http.url);
      interceptedAttempts.push(`${markerOf(request.http) ?? host} ${request.attempt}`);
      return next(request);
    },
  ];

  it('go to the host of their region, signed by their key, as often as they may, past every stage', () => {
    interceptedCalls.length = interceptedAttempts.length = 0;
    playOn(refuseFirst(), { ...mode, interceptors, attemptInterceptors }, ({ wire, run, listen, flush }) => {
      const events = listen();
      const endings = cells.map(({ marker, region, key, retries, kind: { operation, options } }) =>
        run(
          operation,
          { Marker: marker, ...(operation === upload ? { ImageURL: piece('image') } : {}) },
          {
            ...options,
            regionId: region,
            credentials: accessKey(key.accessKeyId, key.accessKeySecret),
            ...(retries ? {} : { retry: false }),
          },
        ),
      );
      flush();

      const sentFor = (marker: string): HttpRequest[] =>
        wire.sent.map(({ request }) => request).filter((request) => markerOf(request) === marker);
      cells.forEach((cell, index) => {
        const { marker, region, key, retries, kind } = cell;
        const ending = endings[index];
        const attempts = retries ? [1, 2] : [1];
        expect({
          marker,
          values: ending?.values,
          error: ending?.error?.code,
          hosts: sentFor(marker).map(({ url }) => new URL(url).host),
          signers: sentFor(marker).map(signerOf),
          intercepted: interceptedAttempts.filter((line) => line.startsWith(`${marker} `)),
          events: events.filter(({ call, type }) => call.id === index + 1 && type !== 'queued').map(({ type }) => type),
        }).toEqual({
          marker,
          values: retries ? kind.given : [],
          error: retries ? undefined : 'ServiceUnavailable',
          hosts: attempts.map(() => `ecs.${region}.aliyuncs.com`),
          signers: attempts.map(() => key.accessKeyId),
          intercepted: attempts.map((attempt) => `${marker} ${attempt}`),
          events: [
            'started',
            ...(isUpload(cell) ? ['attempt', 'response', 'attempt', 'response'] : []),
            ...['attempt', 'response'],
            ...(retries ? ['retried', 'attempt', 'response', 'finished'] : ['failed']),
          ],
        });
      });
      expect([...interceptedCalls].sort()).toEqual(cells.map(({ marker }) => marker).sort());

      // One for each of the uploads' calls, whether or not that is repeated.
      const ofUploads = wire.sent.map(({ request }) => request).filter((request) => markerOf(request) === null);
      const authorised = ofUploads.filter(({ url }) => new URL(url).host === 'openplatform.aliyuncs.com');
      const stored = ofUploads.filter((request) => !authorised.includes(request));
      const uploads = cells.filter(isUpload);
      expect(
        authorised.map((request) => `${new URL(request.url).searchParams.get('RegionId')} ${signerOf(request)}`).sort(),
      ).toEqual(uploads.map(({ region, key }) => `${region} ${key.accessKeyId}`).sort());
      expect(stored.map(({ url }) => new URL(url).host).sort()).toEqual(
        uploads.map(({ region }) => `bucket.oss-${region}.aliyuncs.com`).sort(),
      );
      expect(interceptedAttempts.filter((line) => line.endsWith(' 1') && !line.includes(':'))).toHaveLength(16);
      expect(wire.inFlight).toBe(0);
    });
  });
});

describe.each(kinds)('a throttle, kind: $kind', ({ operation, options, given }) => {
  it('holds back the calls of its region and key, and those alone', () => {
    const first = refusal(429, 'Throttling', { 'x-acs-retry-after': '2000' });
    const reply = (request: HttpRequest): Reply =>
      markerOf(request) === 'first' && !refused.has(request.headers['x-acs-action'] ?? '')
        ? (refused.add(request.headers['x-acs-action'] ?? ''), first)
        : answerTo(request);
    const refused = new Set<string>();
    playOn(reply, {}, ({ run, wire, listen, flush }) => {
      const events = listen();
      const make = (marker: string, region: string, key: (typeof keys)[number] | undefined): ReturnType<typeof run> =>
        run(
          operation,
          { Marker: marker, ...(operation === upload ? { ImageURL: piece('image') } : {}) },
          {
            ...options,
            regionId: region,
            credentials: accessKey(key?.accessKeyId ?? '', key?.accessKeySecret ?? ''),
          },
        );
      const [hangzhou = '', beijing = ''] = regions;
      const [one, two] = keys;
      const endings = [
        make('first', hangzhou, one),
        make('same', hangzhou, one),
        make('elsewhere', beijing, one),
        make('another', hangzhou, two),
      ];
      flush();
      expect(endings.map(({ values, at }) => [values, at])).toEqual([
        [given, 2000],
        [given, 2000],
        [given, 0],
        [given, 0],
      ]);
      expect(wire.markers.filter((line) => !line.startsWith('-'))).toEqual([
        'first 0',
        'elsewhere 0',
        'another 0',
        'first 2000',
        'same 2000',
      ]);
      expect(events.filter(({ type }) => type === 'throttled').map(({ call }) => call.id)).toEqual([1, 2]);
    });
  });
});
