import { map, tap } from 'rxjs';
import type { Credentials, CredentialsProvider } from '../credentials/credentials.js';
import { firstOf } from './first-of.js';

/** The same provider under another name, which the server is told. */
export function renamed(provider: CredentialsProvider, name: (own: string | undefined) => string): CredentialsProvider {
  const named = (credentials: Credentials): Credentials => ({
    ...credentials,
    providerName: name(credentials.providerName),
  });
  const asked$ = firstOf(provider).pipe(map(named));
  const current = (): Credentials | undefined => {
    const credentials = provider.current?.();
    return credentials === undefined ? undefined : named(credentials);
  };
  return passingOn(
    provider,
    Object.assign(() => asked$, { current }),
  );
}

/** The same provider, and what the last credentials that it gave are called. */
export function noting(provider: CredentialsProvider): {
  readonly provider: CredentialsProvider;
  readonly name: () => string | undefined;
} {
  let name: string | undefined;
  const asked$ = firstOf(provider).pipe(tap(({ providerName }) => (name = providerName)));
  return { provider: passingOn(provider, () => asked$), name: () => name };
}

/** `ram_role_arn/static_ak`: what they were had by, and what those were had by. */
export function nested(outer: string, inner: string | undefined): string {
  return inner === undefined ? outer : `${outer}/${inner}`;
}

function passingOn({ invalidate }: CredentialsProvider, ask: CredentialsProvider): CredentialsProvider {
  return Object.assign(ask, invalidate === undefined ? {} : { invalidate });
}
