import { ConfigurationError } from '../../lib/errors.js';
import { checkRetry } from '../../lib/retry/options.js';
import { retrySettings } from '../../lib/retry/settings.js';

describe('checkRetry', () => {
  it.each([
    undefined,
    false,
    () => 5,
    {},
    { maxAttempts: 1 },
    { maxAttempts: undefined, baseDelay: 0, throttledDelay: 0.5, maxDelay: 2 ** 31 - 1, policy: () => false },
  ])('takes %p', (value) => {
    expect(() => checkRetry(value)).not.toThrow();
  });

  it.each<[value: unknown, message: string]>([
    [{ maxAttempts: 0 }, 'Expected `retry.maxAttempts` to be an integer >= 1, got 0'],
    [{ maxAttempts: 1.5 }, 'Expected `retry.maxAttempts` to be an integer >= 1, got 1.5'],
    [{ maxAttempts: Infinity }, 'Expected `retry.maxAttempts` to be an integer >= 1, got Infinity'],
    [{ maxAttempts: '3' }, 'Expected `retry.maxAttempts` to be an integer >= 1, got a string'],
    [{ maxAttempts: null }, 'Expected `retry.maxAttempts` to be an integer >= 1, got nothing'],
    [{ baseDelay: -1 }, 'Expected `retry.baseDelay` to be milliseconds from 0 to 2147483647, got -1'],
    [{ throttledDelay: NaN }, 'Expected `retry.throttledDelay` to be milliseconds from 0 to 2147483647, got NaN'],
    [{ maxDelay: 2 ** 31 }, 'Expected `retry.maxDelay` to be milliseconds from 0 to 2147483647, got 2147483648'],
    [{ policy: {} }, 'Expected `retry.policy` to be a function, got an object'],
    [
      { maxAttempt: 3 },
      'Expected `retry.maxAttempt` to be absent, as there is no such option (did you mean `maxAttempts`?), got 3',
    ],
    [true, 'Expected `retry` to be false, an object or a function, got a boolean'],
    [3, 'Expected `retry` to be false, an object or a function, got 3'],
    [[], 'Expected `retry` to be false, an object or a function, got an array'],
    [null, 'Expected `retry` to be false, an object or a function, got nothing'],
  ])('refuses %j', (value, message) => {
    expect(() => checkRetry(value)).toThrow(ConfigurationError);
    expect(() => checkRetry(value)).toThrow(message);
  });
});

describe('retrySettings', () => {
  it('has three attempts and the documented delays where nothing is said', () => {
    const defaults = { maxAttempts: 3, baseDelay: 100, throttledDelay: 500, maxDelay: 20_000, policy: undefined };
    expect(retrySettings(undefined)).toEqual(defaults);
    expect(retrySettings({ maxAttempts: undefined })).toEqual(defaults);
  });

  it('takes a function for a policy beside the defaults', () => {
    const policy = (): number => 5;
    expect(retrySettings(policy)).toEqual({ ...retrySettings(undefined), policy });
  });

  it('keeps 0', () => {
    expect(retrySettings({ baseDelay: 0, throttledDelay: 0, maxDelay: 0 })).toMatchObject({
      baseDelay: 0,
      throttledDelay: 0,
      maxDelay: 0,
    });
  });

  it('of false are none', () => {
    expect(retrySettings(false)).toBeUndefined();
  });
});
