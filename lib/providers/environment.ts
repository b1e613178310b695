import { defer, of } from 'rxjs';
import type { Credentials, CredentialsProvider } from '../credentials/credentials.js';
import { isCredential } from '../credentials/is-credential.js';
import { unavailable } from './unavailable.js';
import { required, variable } from './variables.js';

/**
 * The access key in `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, with the token in
 * `ALIBABA_CLOUD_SECURITY_TOKEN` where it is set. They are read for each call.
 */
export function environment(): CredentialsProvider {
  const asked$ = defer(() => {
    const accessKeyId = fit('ACCESS_KEY_ID', required(undefined, 'ACCESS_KEY_ID'));
    const accessKeySecret = fit('ACCESS_KEY_SECRET', required(undefined, 'ACCESS_KEY_SECRET'));
    const token = variable('SECURITY_TOKEN');
    const securityToken = token === undefined ? undefined : fit('SECURITY_TOKEN', token);
    return of<Credentials>({ accessKeyId, accessKeySecret, securityToken, providerName: 'env' });
  });
  return () => asked$;
}

function fit(name: string, value: string): string {
  if (isCredential(value)) return value;
  throw unavailable(`ALIBABA_CLOUD_${name} has other than visible ASCII characters in it`);
}
