/** Checks what a provider is told, at once, where it is told. */
import { ofType, withMethod, type Rule, type Rules } from '../schema/options.js';
import type { Transport } from '../transport/transport.js';

/** What every provider can be told that gets its credentials from elsewhere. */
export interface ProviderOptions {
  /** Carries the requests. @default one of its own, made with the first request */
  readonly transport?: Transport | undefined;
  /** The time in milliseconds since 1970. @default Date.now */
  readonly clock?: (() => number) | undefined;
}

export const text: Rule = {
  expected: 'a non-empty string',
  fits: (value) => typeof value === 'string' && value !== '',
};
export const ofEveryProvider: Rules<ProviderOptions> = {
  transport: withMethod('send'),
  clock: ofType('function'),
};
