import { lastValueFrom, of, type Observable } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { givenBackFor, givingBack, markGivenBack } from '../../lib/retry/give-back.js';
import { ClientError, type AlicloudError } from '../../lib/errors.js';
import { EcsClient } from '../../lib/services/ecs.js';

const giveBack = { longestHold: 20, longestPause: 1000, attempts: 0 };

function clientOf(
  answers: readonly [status: number, code: string, retryAfter?: string][],
  options: ClientOptions = {},
) {
  let sent = 0;
  const client = new EcsClient({
    regionId: 'cn-hangzhou',
    endpoint: 'ecs.example.com',
    credentials: accessKey('id', 'secret'),
    transport: {
      send: () => {
        const [status, Code, retryAfter] = answers[Math.min(sent++, answers.length - 1)] ?? [200, ''];
        const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
        return of({ status, headers, body: JSON.stringify({ Code, Message: 'm', RequestId: 'R' }) });
      },
    },
    ...options,
  });
  return { client, sent: () => sent };
}

async function errorOf(call: Observable<unknown>): Promise<AlicloudError> {
  const nothing = new ClientError('SDK.Unexpected', 'It has succeeded');
  return lastValueFrom(call).then(
    () => nothing,
    (error: unknown) => error as AlicloudError,
  );
}

describe('a call that is given back', () => {
  it('ends in the throttle that it would have waited out, which says for how long', async () => {
    const { client, sent } = clientOf([[429, 'Throttling.Api', '30']]);
    const error = await errorOf(client.describeRegions({}, { ...givingBack(giveBack) }));
    expect(error.code).toBe('Throttling.Api');
    expect(givenBackFor(error)).toBeGreaterThan(29_000);
    expect(sent()).toBe(1);
    // What comes next is not sent at all.
    const next = await errorOf(client.describeRegions({}, { ...givingBack(giveBack) }));
    expect(next.code).toBe('SDK.Throttled');
    expect(givenBackFor(next)).toBe(next.retryAfter);
    expect(sent()).toBe(1);
    expect(JSON.stringify(error.toJSON())).not.toContain('give');
  });

  it('is not given back for what it must not wait for', async () => {
    const { client } = clientOf([[429, 'Throttling.Api', '30']]);
    const options = { ...givingBack(giveBack), maxRetryAfter: 1000 };
    expect(givenBackFor(await errorOf(client.describeRegions({}, options)))).toBeUndefined();
    expect(givenBackFor(await errorOf(client.describeRegions({}, options)))).toBeUndefined();
    const expiring = { ...givingBack(giveBack), deadline: 5000 };
    expect(givenBackFor(await errorOf(client.describeRegions({}, expiring)))).toBeUndefined();
  });

  it('waits itself where that is short, and ends for good after its last attempt, whoever has made those before', async () => {
    const { client, sent } = clientOf([[503, 'ServiceUnavailable']], { retry: { baseDelay: 1 } });
    const error = await errorOf(client.describeRegions({}, { ...givingBack({ ...giveBack, attempts: 1 }) }));
    expect(givenBackFor(error)).toBeUndefined();
    expect(sent()).toBe(2);
  });

  it('is given back before a long repetition, where that is safe', async () => {
    const { client, sent } = clientOf([[503, 'ServiceUnavailable', '5']]);
    expect(givenBackFor(await errorOf(client.describeRegions({}, { ...givingBack(giveBack) })))).toBeGreaterThan(4000);
    const write = client.startInstance({ InstanceId: 'i' }, { ...givingBack(giveBack) });
    expect(givenBackFor(await errorOf(write))).toBeUndefined();
    expect(sent()).toBe(2);
  });

  it('is that without a description, and through interceptors, too', async () => {
    const { client } = clientOf([[503, 'ServiceUnavailable', '5']], {
      interceptors: [(next) => (call) => next({ ...call, options: { ...call.options, headers: { a: 'b' } } })],
    });
    const request = { product: 'Ecs', version: '2014-05-26', action: 'DescribeRegions', ...givingBack(giveBack) };
    expect(givenBackFor(await errorOf(client.request(request)))).toBeGreaterThan(4000);
  });

  it('is none without the option', async () => {
    const { client } = clientOf([[503, 'ServiceUnavailable', '70']]);
    expect(givenBackFor(await errorOf(client.describeRegions({})))).toBeUndefined();
    expect(givenBackFor(undefined)).toBeUndefined();
    const error = new ClientError('SDK.Throttled', 'm');
    markGivenBack(error, 5);
    expect([givenBackFor(error), Object.keys(error)]).toEqual([5, Object.keys(new ClientError('SDK.Throttled', 'm'))]);
  });
});
