import { checkOption, type Rule } from '../schema/options.js';

/** Throws a `ConfigurationError` where it is no `AbortSignal`, of whichever realm or polyfill. */
export function checkSignal(signal: unknown): void {
  checkOption('signal', signal, abortSignal);
}

const abortSignal: Rule = {
  expected: 'an AbortSignal',
  fits: (value) =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<AbortSignal>).aborted === 'boolean' &&
    typeof (value as Partial<AbortSignal>).addEventListener === 'function',
};
