import type { ObservableInput } from 'rxjs';
import type { CallOptions } from '../call-options.js';
import { checkOption, checkOptions, integerFrom, ofType, plainObject, type Rules } from '../schema/options.js';
import { callRules } from '../settings.js';
import type { AnyPage, Page } from './page.js';

/** What can be said for reading a list page by page; what else there is goes to the call of each page. */
export interface PagesOptions<Request = unknown, Response = unknown, Item = unknown> extends Omit<
  CallOptions,
  'observe'
> {
  /**
   * How many pages are asked for at a time, an integer >= 1; they come in their order all the same. More than one needs pages
   * by number, or by offset, and an answer that tells the total; elsewhere it is one at a time.
   * @default 1
   */
  readonly concurrency?: number | undefined;
  /**
   * What is to be done after each page: the next is asked for, and the reading completes after the last, when the Observable or the
   * promise that it gives has completed. So the work on a page sets the pace. Its error is the reading's.
   * @default nothing
   */
  readonly after?: ((page: Page<Request, Response, Item>) => ObservableInput<unknown>) | undefined;
}

export interface CheckedOptions {
  readonly concurrency: number;
  readonly after: ((page: AnyPage) => ObservableInput<unknown>) | undefined;
  readonly callOptions: CallOptions | undefined;
}

/** @throws ConfigurationError */
export function checkedPagesOptions(options: PagesOptions | undefined): CheckedOptions {
  if (options === undefined) return { concurrency: 1, after: undefined, callOptions: undefined };
  checkOption('options', options, plainObject);
  checkOptions(options, rules());
  const { concurrency = 1, after, ...callOptions } = options;
  return { concurrency, after, callOptions };
}

/**
 * Together, so that a misspelt option is found among all that there are. Made when they are needed: in the package, this is
 * evaluated before the core, which imports it.
 */
function rules(): Rules<PagesOptions & Pick<CallOptions, 'observe'>> {
  return {
    ...callRules,
    concurrency: integerFrom(1),
    after: ofType('function'),
    observe: { expected: 'absent, as a page is its response', fits: () => false },
  };
}
