/** What a page is told of by the browser alone, or by nobody: headers that are dropped, and keys that are open to all. */
import { inBrowser } from './chromium.js';
import type { Lab } from './page/lab.js';
import { schemes, Setting } from './setting.js';

declare const lab: Lab;

inBrowser('a page', () => {
  const at = new Setting();

  beforeAll(() => at.begin('lab.ts'), 120_000);
  afterAll(() => at.end());

  const dropped = ['cookie', 'date', 'dnt', 'origin', 'referer', 'via', 'sec-x', 'proxy-x'];

  it.each(schemes)('over %s is refused the headers that Chromium drops, and has the others sent', async (scheme) => {
    const api = at.lab(scheme);
    api.forget();
    const page = await at.page(api.serve('lab'));
    const refused = await page.evaluate(
      async ([endpoint, names]) => {
        const client = lab.clientOf({ endpoint, retry: false, allowAccessKeyInBrowser: true });
        const errors = [];
        for (const name of names) {
          for (const header of [name, name.toUpperCase()]) {
            const options = { headers: { [header]: '1' } };
            errors.push(await lab.failureOf(client.call(lab.operations.read, {}, options)));
          }
        }
        return errors.map(({ code, message }) => `${code} ${message}`);
      },
      [api.api, dropped] as const,
    );
    for (const [index, message] of refused.entries()) {
      expect(message).toMatch(
        /^SDK\.InvalidConfiguration Expected `headers\.[\w-]+` to be a header that a page may send/,
      );
      expect(message.toLowerCase()).toContain(`\`headers.${dropped[index >> 1]}\``);
    }
    expect(api.exchanges.all).toEqual([]);

    const sent = page.evaluate(
      (endpoint) =>
        lab.track(
          lab
            .clientOf({ endpoint, retry: false, allowAccessKeyInBrowser: true })
            .call(lab.operations.read, {}, { headers: { 'x-own': 'a', 'x-date': 'b', 'cache-control': 'no-store' } }),
        ).ended,
      api.api,
    );
    const { request } = await api.exchanges.next();
    expect(request.headers).toMatchObject({ 'x-own': 'a', 'x-date': 'b', 'cache-control': 'no-store' });
    expect(await sent).toBeUndefined();
    await page.context().close();
    expect(at.takeComplaints()).toEqual([]);
  });

  const ways = {
    'a long-lived key, in two clients': 1,
    'a long-lived key that is meant': 0,
    'a token of STS': 0,
    'a gateway': 0,
    'a key for a server on this machine': 0,
  };

  it.each(Object.entries(ways))('with %s is warned %d times', async (way, times) => {
    const api = at.lab('http');
    api.forget();
    const page = await at.page(api.serve('lab'));
    const ended = await page.evaluate(
      ([endpoint, loopback, how]) => {
        const { accessKey, stsToken, AlicloudClient } = lab.alicloud;
        const key = {
          regionId: 'cn-hangzhou',
          credentials: accessKey('LTAI5tPage', 'hunter2'),
          endpoint,
          retry: false as const,
        };
        const options =
          {
            'a long-lived key that is meant': { ...key, allowAccessKeyInBrowser: true },
            'a token of STS': { ...key, credentials: stsToken('STS.Page', 'hunter2', 'token') },
            'a gateway': { gateway: endpoint },
            'a key for a server on this machine': { ...key, endpoint: loopback },
          }[how] ?? key;
        const clients = [new AlicloudClient(options), new AlicloudClient(options)];
        const calls = clients.map((client) => client.call(lab.operations.write, {}).pipe(lab.rx.repeat(2)));
        return Promise.all(calls.map((call) => lab.track(call).ended));
      },
      [api.api, api.originOf('127.0.0.1'), way] as const,
    );
    expect(ended).toEqual([undefined, undefined]);
    expect(api.exchanges.all).toHaveLength(4);
    await page.context().close();
    const complaints = at.takeComplaints();
    expect(complaints).toHaveLength(times);
    for (const complaint of complaints) {
      expect(complaint).toMatch(/^warning: rx-alicloud: a long-lived access key signs the calls of this page/);
      expect(complaint).not.toMatch(/LTAI5tPage|hunter2/);
    }
  });
});
