import { catchError, defer, map, share, tap, type Observable } from 'rxjs';
import type { Credentials, CredentialsProvider } from '../credentials/credentials.js';
import { firstOf } from './first-of.js';

/** A provider that has given credentials, and what it gave. */
export interface Found {
  readonly provider: CredentialsProvider;
  readonly credentials: Credentials;
}

export interface SettlingOptions {
  /** Whether the provider is looked for anew after it has failed. */
  readonly anew: boolean;
}

/**
 * A provider that the first call looks for, and that is used from then on. All callers wait for one search; one that
 * fails is not remembered.
 */
export function settling(find: () => Observable<Found>, { anew }: SettlingOptions): CredentialsProvider {
  let settled: CredentialsProvider | undefined;

  const found$ = defer(find).pipe(
    tap(({ provider }) => (settled = provider)),
    map(({ credentials }) => credentials),
    share(),
  );
  const asked$ = defer(() => {
    const provider = settled;
    if (provider === undefined) return found$;
    return firstOf(provider).pipe(
      catchError((error: unknown) => {
        if (anew && settled === provider) settled = undefined;
        throw error;
      }),
    );
  });

  return Object.assign(() => asked$, {
    current: () => settled?.current?.(),
    invalidate(used: Credentials): void {
      if (settled?.invalidate !== undefined) settled.invalidate(used);
      else if (anew) settled = undefined;
    },
  });
}

/** Asks a provider for the first time. */
export function tried(provider: CredentialsProvider): Observable<Found> {
  return firstOf(provider).pipe(map((credentials) => ({ provider, credentials })));
}
