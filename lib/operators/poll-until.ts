import { defer, type Observable } from 'rxjs';
import { checkOption, checkOptions, ofType, withMethod, type Rules } from '../schema/options.js';
import { clockOf } from './clock-of.js';
import { isNotFound } from './is-not-found.js';
import { poll, pollRules, pollSettings, type PollOptions } from './poll.js';

export interface PollUntilOptions<T> extends PollOptions {
  /** Whether there is no way from an answer to one that `predicate` takes. @default none is such */
  readonly fails?: ((answer: T) => boolean) | undefined;
  /** What is waited for, as errors call it. @default 'The answer' */
  readonly name?: string | undefined;
}

/**
 * Makes the call again and again, and emits each answer, until `predicate` takes one: that is the last, and it completes.
 *
 * The next request is made `interval` after an answer, and the wait doubles with each, up to `maxInterval`. A throttle is
 * waited out for as long as the server asks; an error that says that the resource is not there (`InvalidInstanceId.NotFound`),
 * for `visibleWithin`. Any other error ends it: the client has repeated what it could. Unsubscribing aborts the request.
 *
 * ```ts
 * pollUntil(client.describeInstanceStatus({ InstanceId: ['i-1'] }), isRunning, { interval: 2000, timeout: 60_000 });
 * // Pending, 2 s later Starting, 4 s later Running, completes
 * ```
 *
 * Errors with `SDK.WaitTimeout` when `timeout` is over, and with `SDK.WaitFailed` after an answer that `fails` takes. Both have
 * the last answer in `last`.
 *
 * @param call cold, such as every call of a client; it is subscribed to anew for each request
 * @throws ConfigurationError at once, for options that can't work
 * @see waitFor, for what many wait for
 */
export function pollUntil<T>(
  call: Observable<T>,
  predicate: (answer: T) => boolean,
  options: PollUntilOptions<T> = {},
): Observable<T> {
  checkOption('call', call, withMethod('subscribe', 'an Observable'));
  checkOption('predicate', predicate, ofType('function'));
  checkOptions(options, rules());
  const { fails = () => false, name = 'The answer' } = options;
  const settings = pollSettings(options);
  const { visibleWithin, scheduler } = settings;

  const now = clockOf(scheduler);
  return defer(() => {
    let lastSeen = now();
    const seen = (answer: T) => {
      lastSeen = now();
      return fails(answer);
    };
    const isEarly = (error: unknown) => isNotFound(error) && now() - lastSeen < visibleWithin;
    return poll(call, { waiter: name, succeeds: predicate, fails: seen, isEarly }, settings);
  });
}

/** Made when it is needed, so that bundlers can leave out what is not. */
function rules(): Rules<PollUntilOptions<never>> {
  return { ...pollRules(), fails: ofType('function'), name: ofType('string') };
}
