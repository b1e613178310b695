/** What calls do with their places in the pool. */
import { delay, filter, of, takeUntil, tap, type Observable } from 'rxjs';
import type { CallInterceptor } from '../../lib/interceptor.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { refusal, throttle } from './support.js';
import { after, answerTo, bytes, piece, playOn, upload, whole, type Reply } from './wire.js';

const busy = refusal(503, 'ServiceUnavailable');
const one = { enableAsync: true, poolSize: 1 } as const;
const slowly =
  (reply: (request: HttpRequest, sent: number) => Reply, ms: number) =>
  (request: HttpRequest, sent: number): Observable<Reply> =>
    of(reply(request, sent)).pipe(delay(ms));

describe('a call that waits', () => {
  it('to be repeated leaves its slot to others', () => {
    playOn(after([busy]), one, ({ run, wire, flush }) => {
      run(whole, { Marker: 'first' });
      run(whole, { Marker: 'second' });
      flush();
      expect(wire.markers).toEqual(['first 0', 'second 0', 'first 100']);
    });
  });

  it('for the throttle leaves its slot to others', () => {
    const other = { ...whole, action: 'DescribeRegions' };
    playOn(after([throttle({ 'x-acs-retry-after': '2000' })]), one, ({ run, wire, flush }) => {
      run(whole, { Marker: 'first' });
      run(whole, { Marker: 'held' });
      run(other, { Marker: 'free' });
      flush();
      expect(wire.markers).toEqual(['first 0', 'free 0', 'first 2000', 'held 2000']);
    });
  });

  it('is counted as waiting, and as running when it goes on', () => {
    playOn(slowly(after([busy]), 10), one, ({ run, client, at, flush }) => {
      run(whole);
      const seen: unknown[] = [];
      for (const time of [5, 50, 115]) at(time, () => seen.push(depthOf(client)));
      flush();
      expect(seen).toEqual([
        { running: 1, waiting: 0 },
        { running: 0, waiting: 1 },
        { running: 1, waiting: 0 },
      ]);
    });
  });

  it('gets the next slot before those that have never run', () => {
    playOn(slowly(after([busy]), 60), one, ({ run, wire, flush }) => {
      for (const Marker of ['first', 'second', 'third', 'fourth']) run(whole, { Marker });
      flush();
      // Its wait ends at 160, while the third runs.
      expect(wire.markers).toEqual(['first 0', 'second 60', 'third 120', 'first 180', 'fourth 240']);
    });
  });
});

function depthOf(client: { readonly stats$: Observable<{ running: number; waiting: number }> }): unknown {
  let depth: unknown;
  client.stats$.subscribe(({ running, waiting }) => (depth = { running, waiting })).unsubscribe();
  return depth;
}

describe('whoever hears of a response', () => {
  it('finds its slot free', () => {
    playOn(slowly(answerTo, 10), { ...one, maxTaskQueueSize: 0 }, ({ client, watch, wire, flush }) => {
      const endings: unknown[] = [];
      client.call(whole, { Marker: 'first' }).subscribe(() => {
        endings.push(watch(client.call(whole, { Marker: 'second' })));
      });
      flush();
      expect(endings).toEqual([{ values: [{ N: 1 }], error: undefined, at: 20 }]);
      expect(wire.markers).toEqual(['first 0', 'second 10']);
    });
  });

  it('finds it taken as long as a stream goes on', () => {
    const pieces$ = of(piece('a')).pipe(delay(10));
    const reply = (request: HttpRequest): Reply => ({ ...answerTo(request), pieces$ });
    playOn(reply, { ...one, maxTaskQueueSize: 0 }, ({ client, watch, flush }) => {
      const codes: (string | undefined)[] = [];
      client.call(bytes, {}, { observe: 'stream' }).subscribe(() => {
        codes.push(watch(client.call(whole, {})).error?.code);
      });
      flush();
      expect(codes).toEqual(['SDK.AsyncQueueFull']);
    });
  });
});

describe('the calls of an upload', () => {
  const image = { ImageURL: piece('image') };
  const actions = ({ lines }: { readonly lines: readonly string[] }): string[] =>
    lines.map((line) => line.split(' ').slice(1).join(' '));

  it('are one call of the pool', () => {
    playOn(slowly(answerTo, 10), one, ({ run, wire, flush }) => {
      run(upload, { Marker: 'first', ...image });
      run(whole, { Marker: 'second' });
      flush();
      expect(actions(wire)).toEqual([
        'AuthorizeFileUpload - 0',
        '- - 10',
        'DescribeImage first 20',
        'DescribeZones second 30',
      ]);
    });
  });

  const refused = refusal(429, 'Throttling');

  it.each<[what: string, failing: number, failure: Reply, expected: string[]]>([
    [
      'authorisation',
      1,
      refused,
      ['AuthorizeFileUpload - 0', 'DescribeZones second 0', 'AuthorizeFileUpload - 500', '- - 500'],
    ],
    ['file', 2, busy, ['AuthorizeFileUpload - 0', '- - 0', 'DescribeZones second 0', '- - 100']],
    [
      'call',
      3,
      busy,
      [
        'AuthorizeFileUpload - 0',
        '- - 0',
        'DescribeImage first 0',
        'DescribeZones second 0',
        'DescribeImage first 100',
      ],
    ],
  ])('leave its slot to others while one of them waits to be repeated: the %s', (_, failing, failure, expected) => {
    const reply = (request: HttpRequest, sent: number): Reply => (sent === failing ? failure : answerTo(request));
    playOn(reply, one, ({ run, wire, flush }) => {
      const ending = run(upload, { Marker: 'first', ...image });
      run(whole, { Marker: 'second' });
      flush();
      expect(actions(wire).slice(0, expected.length)).toEqual(expected);
      expect(ending.values).toEqual([{ N: 1 }]);
    });
  });

  it('are not sent where the upload is left when the first of them is told of', () => {
    playOn(answerTo, one, ({ client, watch, wire, flush }) => {
      const seen: string[] = [];
      client.events$.subscribe(({ type }) => seen.push(type));
      const attempt$ = client.events$.pipe(filter(({ type }) => type === 'attempt'));
      watch(client.call(upload, { Marker: 'first', ...image }).pipe(takeUntil(attempt$)));
      flush();
      expect(seen).toEqual(['started', 'attempt', 'cancelled']);
      expect(wire.sent).toEqual([]);
    });
  });

  it('say in an error which call they were made for', () => {
    const forbidden = refusal(403, 'Forbidden.RAM');
    playOn(after([forbidden]), {}, ({ run, flush }) => {
      const { error } = run(upload, { Marker: 'first', ...image }, { regionId: 'cn-beijing' });
      flush();
      expect(error?.message).toBe('No. (Forbidden.RAM, Ecs DescribeImage, cn-beijing)');
      expect(error?.attempts).toMatchObject([{ number: 1, status: 403 }]);
    });
  });
});

describe('an error says which call it is of', () => {
  const about = { product: 'Ecs', action: 'DescribeZones', regionId: 'cn-beijing' };

  it.each<[what: string, code: string, options: object]>([
    ['where the pool is full', 'SDK.AsyncQueueFull', { ...one, maxTaskQueueSize: 0 }],
    ['where its deadline has come', 'SDK.Timeout', { deadline: 5 }],
    ['where its answer does not come', 'SDK.Timeout', { timeout: 5, retry: false }],
  ])('%s', (_, code, options) => {
    playOn(slowly(answerTo, 10), options, ({ run, flush }) => {
      const endings = [1, 2].map(() => run(whole, {}, { regionId: 'cn-beijing' }));
      flush();
      const error = endings[1]?.error;
      expect(error).toMatchObject({ code, ...about });
      expect(error?.message.match(/cn-beijing/g)).toHaveLength(1);
    });
  });

  it.each<[mode: 'abort' | 'drain', options: object, code: string]>([
    ['abort', one, 'SDK.Aborted'],
    ['abort', {}, 'SDK.Aborted'],
  ])('where its client is shut down: %s %j', (mode, options, code) => {
    playOn(slowly(answerTo, 10), options, ({ run, client, flush }) => {
      const endings = [1, 2].map(() => run(whole, {}, { regionId: 'cn-beijing' }));
      client.shutdown({ mode });
      flush();
      for (const { error } of endings) expect(error).toMatchObject({ code, ...about });
    });
  });

  it.each<[what: string, code: string, options: object]>([
    ['of a full pool', 'SDK.AsyncQueueFull', { ...one, maxTaskQueueSize: 0 }],
    ['of an abort', 'SDK.Aborted', one],
    ['of an abort without a pool', 'SDK.Aborted', {}],
    ['of a client that is closed', 'SDK.Closed', {}],
  ])('to interceptors, too: %s', (_, code, options) => {
    const seen: unknown[] = [];
    const interceptor: CallInterceptor = (next) => (call) => {
      // Copied, as what it says may be added to the same error later.
      return next(call).pipe(tap({ error: (error: object) => seen.push({ ...error }) }));
    };
    playOn(slowly(answerTo, 10), { ...options, interceptors: [interceptor] }, ({ run, client, flush }) => {
      run(whole, {}, { regionId: 'cn-beijing' });
      if (code === 'SDK.AsyncQueueFull') run(whole, {}, { regionId: 'cn-beijing' });
      if (code === 'SDK.Aborted') client.shutdown({ mode: 'abort' });
      if (code === 'SDK.Closed') client.close({ mode: 'drain' });
      if (code === 'SDK.Closed') run(whole, {}, { regionId: 'cn-beijing' });
      flush();
      expect(seen).toEqual([expect.objectContaining({ code, ...about })]);
    });
  });
});
