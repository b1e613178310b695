/** What a user's own functions give, or throw, where it is not what it has to be: one typed error, through the call. */
import { config, EMPTY, of, throwError } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { isAlicloudError, type AlicloudError } from '../../lib/errors.js';
import { answer, defaultOptions, MemoryTransport, operation } from '../pipeline/support.js';

const thrown = (): never => {
  throw new TypeError('of the user');
};
const wrong: readonly unknown[] = [undefined, null, 5, 'x', {}, () => 1, NaN, Symbol('s')];

/** All that a call tells its subscriber. */
async function told(options: object, called = operation()): Promise<unknown[]> {
  const transport = new MemoryTransport(() => of(answer('{}')));
  const client = new AlicloudClient({ ...defaultOptions, transport, ...(options as ClientOptions) });
  const all: unknown[] = [];
  await new Promise<void>((done) => {
    client.call(called as never, {} as never).subscribe({
      next: (value: unknown) => all.push(value),
      error: (error: unknown) => (all.push(error), done()),
      complete: () => done(),
    });
  });
  return all;
}

async function errorOf(options: object, called = operation()): Promise<AlicloudError> {
  // What stands around attempts is made with the client.
  const [error, ...others] = await told(options, called).catch((thrown: unknown) => [thrown]);
  expect(others).toEqual([]);
  expect(isAlicloudError(error)).toBe(true);
  expect((error as AlicloudError).message).not.toMatch(
    /Cannot (?:read|destructure)|is not a function|where a stream was/,
  );
  return error as AlicloudError;
}

describe.each(wrong.map((value) => [value]))('%p', (value) => {
  it('is no transport’s Observable', async () => {
    expect(await errorOf({ transport: { send: () => value } })).toMatchObject({ path: 'transport.send(…)' });
  });

  it('is no response', async () => {
    expect(await errorOf({ transport: { send: () => of(value) } })).toMatchObject({ path: 'transport.send(…)' });
  });

  it('is what no interceptor gives', async () => {
    expect(await errorOf({ interceptors: [() => () => value] })).toMatchObject({ kind: 'client' });
    if (typeof value !== 'function') {
      expect(await errorOf({ interceptors: [() => value] })).toMatchObject({ kind: 'client' });
      expect(await errorOf({ attemptInterceptors: [() => value] })).toMatchObject({ kind: 'client' });
    }
    expect(await errorOf({ attemptInterceptors: [() => () => value] })).toMatchObject({ kind: 'client' });
  });

  it('is no credentials', async () => {
    const code = 'SDK.CredentialsUnavailable';
    expect(await errorOf({ credentials: () => of(value) })).toMatchObject({ code });
    expect(await errorOf({ credentials: () => Promise.resolve(value) })).toMatchObject({ code });
    expect(await errorOf({ credentials: Object.assign(() => EMPTY, { current: () => value }) })).toMatchObject({
      code,
    });
  });

  it('is no nonce', async () => {
    if (value === 'x') return;
    expect(await errorOf({ nonce: () => value })).toMatchObject({ path: 'nonce()' });
  });

  it('is no time', async () => {
    if (value === 5) return;
    expect(await errorOf({ clock: () => value })).toMatchObject({ path: 'clock()' });
  });
});

it.each<[what: string, options: object]>([
  ['a transport', { transport: { send: thrown } }],
  ['an interceptor', { interceptors: [() => thrown] }],
  ['a factory of interceptors', { interceptors: [thrown] }],
  ['an interceptor of attempts', { attemptInterceptors: [() => thrown] }],
  ['credentials', { credentials: thrown }],
  ['credentials at hand', { credentials: Object.assign(() => EMPTY, { current: thrown }) }],
  ['a nonce', { nonce: thrown }],
  ['a clock', { clock: thrown }],
  ['an Observable of a transport', { transport: { send: () => throwError(thrown) } }],
])('%s that throws is one typed error', async (_what, options) => {
  const error = await errorOf(options);
  expect(error.message).toContain('of the user');
});

const sick = { transport: new MemoryTransport(() => of(answer('{"Code":"Broken","Message":"m"}', 500))) };

it.each<[what: string, policy: () => unknown]>([
  ['throws', thrown],
  ['gives no wait', () => 'soon'],
  ['gives NaN', () => NaN],
  ['gives less than none', () => -1],
])('a retry policy that %s keeps the error of the server as its cause', async (_what, policy) => {
  const error = await errorOf({ ...sick, retry: policy });
  expect(error).toMatchObject({
    kind: 'client',
    cause: { kind: 'server', code: 'Broken' },
    attempts: [{ status: 500 }],
  });
});

it('a provider that throws when it is told of expired credentials does not hide the error of the server', async () => {
  const expired = new MemoryTransport(() => of(answer('{"Code":"InvalidSecurityToken.Expired"}', 400)));
  const credentials = Object.assign(() => defaultOptions.credentials(), { invalidate: thrown });
  const reported: unknown[] = [];
  const reporting = new Promise<void>((done) => {
    config.onUnhandledError = (error: unknown) => (reported.push(error), done());
  });
  const error = await errorOf({ transport: expired, credentials });
  expect(error).toMatchObject({ code: 'InvalidSecurityToken.Expired' });
  await reporting;
  config.onUnhandledError = null;
  expect(reported).toEqual([expect.objectContaining({ message: 'of the user' })]);
});

describe('a callback that is missing', () => {
  it.each([undefined, null, {}, 'x'])('is refused at once: %p', (callback) => {
    const { transport } = { transport: new MemoryTransport() };
    const client = new AlicloudClient({ ...defaultOptions, transport, enableAsync: true });
    const expected = expect.objectContaining({ name: 'ConfigurationError', path: 'callback' }) as Error;
    expect(() => client.callWithCallback(operation() as never, {} as never, callback as never)).toThrow(expected);
    const request = { product: 'Ecs', version: '1', action: 'A' };
    expect(() => client.requestWithCallback(request, callback as never)).toThrow(expected);
    expect(transport.sent).toEqual([]);
  });
});
