import { makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { AlicloudClient } from '../../client.js';
import { accessKey } from '../../credentials/credentials.js';
import { ConfigurationError } from '../../errors.js';
import { createEmulator } from '../../testing/create-emulator.js';
import { emulatorCredentials } from '../../testing/credentials.js';
import type { Emulator } from '../../testing/emulator.js';
import { describe } from '../../schema/describe.js';
import { AlicloudClients, ALICLOUD_CLIENTS } from '../clients.js';
import type { AlicloudFeature } from '../features.js';
import { provideAlicloud, type AlicloudOptions } from '../provide-alicloud.js';
import { withCredentials, withTransport } from '../features.js';

/**
 * In the place of an app's `provideAlicloud`, after it: all clients and resources have their answers of an emulator in the
 * same process, or of a fake client.
 *
 * @example
 * const emulator = createEmulator();
 * TestBed.configureTestingModule({ providers: [provideAlicloudTesting(emulator)] });
 *
 * @example
 * const ecs = fake(EcsClient, { describeInstances: { TotalCount: 0 } });
 * TestBed.configureTestingModule({ providers: [provideAlicloudTesting(ecs)] });
 *
 * @param answers an emulator that takes `emulatorCredentials`, by default a new one; or a client, such as `fake(…)` gives
 * @param options of the clients; without a `regionId` they are in `cn-hangzhou`
 * @param features such as `withAsync(…)`; an emulator with credentials of its own needs `withCredentials(…)`
 */
export function provideAlicloudTesting(
  answers: Emulator | AlicloudClient = createEmulator(),
  options: AlicloudOptions = {},
  ...features: readonly AlicloudFeature[]
): EnvironmentProviders {
  if (answers instanceof AlicloudClient) {
    return makeEnvironmentProviders([
      provideAlicloud(options, ...features),
      { provide: ALICLOUD_CLIENTS, useFactory: () => new AlicloudClients(answers, options) },
    ]);
  }
  if (typeof (answers as Partial<Emulator> | undefined)?.transport?.send !== 'function') {
    const expected = 'an emulator of `createEmulator()`, or a client such as `fake(…)` gives';
    throw new ConfigurationError({ path: 'provideAlicloudTesting(answers)', expected, received: describe(answers) });
  }
  const { accessKeyId, accessKeySecret } = emulatorCredentials;
  const hasCredentials = features.some(({ kind }) => kind === 'withCredentials');
  return provideAlicloud(
    // The emulator's key is known to all.
    { regionId: 'cn-hangzhou', allowAccessKeyInBrowser: true, ...options },
    withTransport(answers.transport),
    ...(hasCredentials ? [] : [withCredentials(accessKey(accessKeyId, accessKeySecret))]),
    ...features,
  );
}
