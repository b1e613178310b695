import {
  catchError,
  throwError,
  type ObservableInput,
  type ObservedValueOf,
  type OperatorFunction,
  type Observable,
} from 'rxjs';
import {
  isClientError,
  isServerError,
  type ClientErrorCode,
  type ClientErrorOf,
  type ServerErrorOf,
} from '../errors.js';
import { checkOption, ofType, type Rule } from '../schema/options.js';

/** The errors that have one of the codes. */
export type ErrorOfCode<Code extends string> = Code extends ClientErrorCode ? ClientErrorOf<Code> : ServerErrorOf<Code>;

/**
 * `catchError` for errors with one code, or one of several; all others pass. A server's code stands for those below it, too:
 * `Throttling` for `Throttling.User`. The codes of the SDK's own errors (`SDK.Timeout`) are taken as well.
 *
 * ```ts
 * client.describeUserData({ InstanceId: 'i-1' }).pipe(catchCode('InvalidInstanceId.NotFound', () => EMPTY));
 * ```
 *
 * @param selector is given the error, typed by its code, and the source for another try
 * @throws ConfigurationError at once, where a code is none
 */
export function catchCode<T, const Code extends ClientErrorCode | (string & {}), O extends ObservableInput<unknown>>(
  code: Code | readonly Code[],
  selector: (error: ErrorOfCode<Code>, caught: Observable<T>) => O,
): OperatorFunction<T, T | ObservedValueOf<O>> {
  checkOption('code', code, someCodes);
  checkOption('selector', selector, ofType('function'));
  const codes: readonly string[] = typeof code === 'string' ? [code] : code;
  return (source) =>
    source.pipe(
      catchError((error: unknown, caught: Observable<unknown>) =>
        codes.some((each) => hasCode(error, each))
          ? // What the guards have seen, the type says.
            selector(error as ErrorOfCode<Code>, caught as Observable<T>)
          : throwError(() => error),
      ),
    ) as Observable<T | ObservedValueOf<O>>;
}

function hasCode(error: unknown, code: string): boolean {
  return isServerError(error, code) || isClientError(error, code as ClientErrorCode);
}

const someCodes: Rule = {
  expected: 'the code of an error, or an array of such',
  fits: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isCode) : isCode(value)),
};

function isCode(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
