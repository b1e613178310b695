import { firstValueFrom, of } from 'rxjs';
import { AlicloudClient, callSites, type AlicloudError } from '../lib/index.js';
import { operation } from './pipeline/support.js';

it('has the stack of an error lead to where the call was subscribed to', async () => {
  const transport = { send: () => of({ status: 400, headers: {}, body: '{"Code":"X"}' }) };
  const client = new AlicloudClient({ regionId: 'r', transport, interceptors: [callSites()] });
  async function theLineOfTheUser(): Promise<unknown> {
    return firstValueFrom(client.call(operation({ anonymous: true }), {} as never)).catch((error: unknown) => error);
  }
  const error = (await theLineOfTheUser()) as AlicloudError;
  const [, site = ''] = error.stack?.split('of the call that was made') ?? [];
  expect(error.code).toBe('X');
  expect(site).toMatch(/at theLineOfTheUser \(.*call-sites\.spec\.ts/);
  expect(site).not.toMatch(/rxjs/);
});
