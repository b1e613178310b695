// Compiled strictly beside a client that the program generated for a product that the package doesn't bring.
import { accessKey, isServerError } from 'rx-alicloud';
import { createEmulator } from 'rx-alicloud/testing';
import { catchError, firstValueFrom, of } from 'rxjs';
import { LanternClient, lantern, type AssumeRoleResponse } from './clients/lantern.js';

declare const console: { log(text: string): void };

const credentials = { accessKeyId: 'id', accessKeySecret: 'secret' };
const options = { regionId: 'cn-hangzhou', credentials: accessKey('id', 'secret') };
const request = { RoleArn: 'acs:ram::1:role/a', RoleSessionName: 'one' };

/** Compiled, never run. */
export function refused(client: LanternClient): void {
  // @ts-expect-error no such field
  client.assumeRole({ RoleARN: 'acs:ram::1:role/a' });
  // @ts-expect-error DurationSeconds is a number
  client.assumeRole({ ...request, DurationSeconds: '900' });
}

async function main(): Promise<void> {
  const emulator = createEmulator({ credentials, services: [lantern] });
  emulator.handle(lantern.operations.assumeRole, ({ request: { RoleSessionName = '' } }) => ({
    AssumedRoleUser: { Arn: RoleSessionName },
  }));
  const inProcess = new LanternClient({ ...options, transport: emulator.transport });
  const role: AssumeRoleResponse = await firstValueFrom(inProcess.assumeRole(request));

  const overHttp = new LanternClient({ ...options, endpoint: (await emulator.listen()).url, enableAsync: true });
  const identity = await firstValueFrom(overHttp.getCallerIdentity());
  const [roles] = overHttp.assumeRoleWithChan({ ...request, RoleSessionName: 'two' });
  const forged = overHttp.call(lantern.operations.assumeRole, request, { credentials: accessKey('id', 'forged') });
  const refusal = forged.pipe(catchError((error: unknown) => of(isServerError(error) ? error.code : 'other')));
  console.log(
    JSON.stringify({
      inProcess: role.AssumedRoleUser?.Arn,
      chan: (await roles.receive())?.AssumedRoleUser?.Arn,
      sample: typeof identity.AccountId,
      refusal: await firstValueFrom(refusal),
      calls: emulator.requests.get('AssumeRole'),
    }),
  );
  overHttp.shutdown();
  await emulator.close();
}

void main();
