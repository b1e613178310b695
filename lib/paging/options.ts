import type { CallOptions } from '../call-options.js';
import { ConfigurationError } from '../errors.js';
import { checkOption, integerFrom, plainObject } from '../schema/options.js';

/** What can be said for reading a list page by page; what else there is goes to the call of each page. */
export interface PagesOptions extends Omit<CallOptions, 'observe'> {
  /**
   * How many pages are asked for at a time, an integer >= 1; they come in their order all the same. More than one needs pages
   * by number, or by offset, and an answer that tells the total; elsewhere it is one at a time.
   * @default 1
   */
  readonly concurrency?: number | undefined;
}

export interface CheckedOptions {
  readonly concurrency: number;
  readonly callOptions: CallOptions | undefined;
}

/** @throws ConfigurationError */
export function checkedPagesOptions(options: PagesOptions | undefined): CheckedOptions {
  if (options === undefined) return { concurrency: 1, callOptions: undefined };
  checkOption('options', options, plainObject);
  const { concurrency = 1, ...callOptions } = options;
  checkOption('concurrency', concurrency, integerFrom(1));
  if ('observe' in callOptions) {
    throw new ConfigurationError({
      path: 'observe',
      expected: 'absent, as a page is its response',
      received: 'a value',
    });
  }
  return { concurrency, callOptions };
}
