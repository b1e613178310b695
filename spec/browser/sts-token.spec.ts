/** A page that has temporary credentials and calls the services itself, where they answer pages of other origins. */
import { lastValueFrom } from 'rxjs';
import type { Page } from 'playwright-core';
import { accessKey, AlicloudClient } from '../../lib/index.js';
import { assumeRole } from '../../lib/services/sts.js';
import { createEmulator, emulatorCredentials, type Emulator } from '../../lib/testing/index.js';
import { inBrowser } from './chromium.js';
import type { Lab } from './page/lab.js';
import { schemes, Setting } from './setting.js';
import { recordRequests } from './traffic.js';

declare const lab: Lab;

inBrowser('a page with an STS token', () => {
  const at = new Setting();
  let emulator: Emulator;
  let endpoint: string;
  let now: number;

  beforeAll(() => at.begin('lab.ts'), 120_000);
  afterAll(() => at.end());
  beforeEach(async () => {
    now = Date.now();
    emulator = createEmulator({ clock: () => now });
    ({ url: endpoint } = await emulator.listen());
  });
  afterEach(() => emulator.close());

  /** As a server hands it out. */
  async function tokenOf(): Promise<{ id: string; secret: string; token: string }> {
    const { accessKeyId, accessKeySecret } = emulatorCredentials;
    const credentials = accessKey(accessKeyId, accessKeySecret);
    const client = new AlicloudClient({ credentials, transport: emulator.transport, endpoint });
    const request = { RoleArn: 'acs:ram::1234567890123456:role/reader', RoleSessionName: 'page', DurationSeconds: 900 };
    const { Credentials } = await lastValueFrom(client.call(assumeRole, request));
    const { AccessKeyId = '', AccessKeySecret = '', SecurityToken = '' } = Credentials ?? {};
    return { id: AccessKeyId, secret: AccessKeySecret, token: SecurityToken };
  }

  it.each(schemes)(
    'calls the services from %s, and nothing of the key behind it is in its scripts or requests',
    async (scheme) => {
      const page: Page = await at.page('about:blank');
      const requests = recordRequests(page);
      await page.goto(at.lab(scheme).serve('lab'));
      const { id, secret, token } = await tokenOf();
      const call = (): Promise<unknown> =>
        page.evaluate(
          async ([url, given]) => {
            const credentials = lab.alicloud.stsToken(given.id, given.secret, given.token);
            const client = new lab.ecs.EcsClient({ regionId: 'cn-hangzhou', endpoint: url, credentials, retry: false });
            const call = lab.track(
              client.runInstances({ Amount: 2 }).pipe(lab.rx.concatWith(client.describeInstances())),
            );
            const error = await call.ended;
            return error?.code ?? call.values;
          },
          [endpoint, { id, secret, token }] as const,
        );
      expect(await call()).toMatchObject([{ InstanceIdSets: {} }, { TotalCount: 2 }]);
      now += 900_000;
      expect(await call()).toBe('InvalidSecurityToken.Expired');
      const all = at.code + (await requests());
      expect(all).toContain(token);
      for (const hidden of [...Object.values(emulatorCredentials), secret]) expect(all).not.toContain(hidden);
      expect(at.takeComplaints()).toEqual([]);
      await page.context().close();
    },
  );
});
