import { answerTo, newAttempt, siteOf } from './support.js';

describe('a gateway', () => {
  it('makes a call and gives the answer of the service', async () => {
    const site = siteOf();
    const { status, text, headers } = await answerTo(site, { request: { AcceptLanguage: 'en-US' } });
    expect(status).toBe(200);
    expect((JSON.parse(text) as { Regions: { Region: unknown[] } }).Regions.Region.length).toBeGreaterThan(5);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(site.upstream.sent).toHaveLength(1);
    expect(site.events).toMatchObject([
      {
        outcome: 'answered',
        status: 200,
        operation: 'Ecs/2014-05-26/DescribeRegions',
        sessionId: 'someone',
        replayed: false,
      },
    ]);
  });

  it('gives the first answer to a repetition of an attempt', async () => {
    const site = siteOf();
    const attempt = newAttempt();
    const call = {
      path: '/Ecs/2014-05-26/RunInstances',
      request: { ImageId: 'i', InstanceType: 'ecs.t6-c1m1.large', Amount: 1 },
      attempt,
    };
    const first = await answerTo(site, call);
    const second = await answerTo(site, call);
    expect(first.status).toBe(200);
    expect(second.text).toBe(first.text);
    expect([first, second].map(({ headers }) => headers.get('x-rx-alicloud-replayed'))).toEqual([null, 'true']);
    expect(site.upstream.sent).toHaveLength(1);
  });
});
