import { firstValueFrom, NEVER, Observable, of, throwError } from 'rxjs';
import { apiError } from '../../lib/testing/api-error.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import { describeThings, thingsEmulator, createThing } from './support/things.js';
import { sign, type Signable } from './support/signer.js';

describe('a handler', () => {
  let emulator: Emulator;

  beforeEach(() => {
    emulator = thingsEmulator();
  });

  async function answer(parts: Signable = {}): Promise<unknown> {
    const { status, body } = await firstValueFrom(emulator.transport.send(sign(parts)));
    return [status, JSON.parse(body)];
  }

  const id = expect.any(String) as string;

  it('answers with an object, which is given its request id', async () => {
    emulator.handle(describeThings, ({ request }) => ({ TotalCount: request.PageSize ?? 0 }));
    expect(await answer({ query: { PageSize: '7' } })).toEqual([200, { TotalCount: 7, RequestId: id }]);
  });

  it('keeps the request id that it gives itself', async () => {
    emulator.handle(describeThings, () => ({ RequestId: 'mine' }));
    expect(await answer()).toEqual([200, { RequestId: 'mine' }]);
  });

  it('answers with what a made-up answer is changed to, which changes no other', async () => {
    const remove = emulator.handle(describeThings, (call) => {
      const made = call.sample();
      expect(made.RequestId).toBe(call.requestId);
      for (const thing of made.Things?.Thing ?? []) thing.Name = 'changed';
      return made;
    });
    expect(JSON.stringify(await answer())).toContain('changed');
    remove();
    expect(JSON.stringify(await answer())).not.toContain('changed');
  });

  async function* twice(): AsyncGenerator<{ TotalCount: number }> {
    yield Promise.resolve({ TotalCount: 5 });
    yield { TotalCount: 6 };
  }

  it.each([
    ['an Observable', () => of({ TotalCount: 5 }, { TotalCount: 6 })],
    ['a promise', () => Promise.resolve({ TotalCount: 5 })],
    ['an async iterable', twice],
  ])('answers with the first value of %s', async (_what, handler) => {
    emulator.handle(describeThings, handler);
    expect(await answer()).toEqual([200, { TotalCount: 5, RequestId: id }]);
  });

  it('answers with an array as it is', async () => {
    emulator.handle('ListClusters', () => [{ name: 'a' }, { name: 'b' }]);
    const parts = { action: 'ListClusters', method: 'GET', path: '/clusters' };
    expect(await answer(parts)).toEqual([200, [{ name: 'a' }, { name: 'b' }]]);
  });

  it('writes a bigint with all of its digits', async () => {
    emulator.handle('DescribeThings', () => ({ TotalCount: 9007199254740993n, RequestId: 'r' }));
    const { body } = await firstValueFrom(emulator.transport.send(sign({})));
    expect(body).toBe('{"TotalCount":9007199254740993,"RequestId":"r"}');
  });

  it.each([
    [
      'throws',
      () => {
        throw apiError(403, 'Forbidden', 'No.', { headers: { 'x-acs-retry-after': '5', 'content-length': '1' } });
      },
    ],
    [
      'errors with',
      () => throwError(() => apiError(403, 'Forbidden', 'No.', { headers: { 'x-acs-retry-after': '5' } })),
    ],
    [
      'rejects with',
      () => Promise.reject(apiError(403, 'Forbidden', 'No.', { headers: { 'x-acs-retry-after': '5' } })),
    ],
  ])('refuses with an error that it %s', async (_how, handler) => {
    emulator.handle(describeThings, handler);
    const { status, headers, body } = await firstValueFrom(emulator.transport.send(sign({})));
    expect([status, JSON.parse(body)]).toEqual([403, expect.objectContaining({ Code: 'Forbidden', Message: 'No.' })]);
    expect(headers).toMatchObject({ 'x-acs-retry-after': '5' });
    expect(headers['content-length']).toBeUndefined();
  });

  it('may say which permission was missing', async () => {
    const detail = { PolicyType: 'AccountLevelIdentityBasedPolicy' };
    emulator.handle(describeThings, () => {
      throw apiError(403, 'Forbidden.RAM', 'No.', { accessDeniedDetail: detail });
    });
    expect(await answer()).toEqual([403, expect.objectContaining({ AccessDeniedDetail: detail })]);
  });

  it('that breaks, or gives nothing, is an internal error that says so', async () => {
    const remove = emulator.handle(describeThings, () => {
      throw new TypeError('my mistake');
    });
    expect(await answer()).toEqual([500, expect.objectContaining({ Code: 'InternalError', Message: 'my mistake' })]);
    remove();
    emulator.handle('DescribeThings', () => undefined);
    expect(await answer()).toEqual([500, expect.objectContaining({ Code: 'InternalError' })]);
  });

  it('is put over another, and taken away again', async () => {
    emulator.handle(describeThings, () => ({ TotalCount: 1 }));
    const remove = emulator.handle(describeThings, () => ({ TotalCount: 2 }));
    expect(await answer()).toMatchObject([200, { TotalCount: 2 }]);
    remove();
    expect(await answer()).toMatchObject([200, { TotalCount: 1 }]);
  });

  it('is for its operation only', async () => {
    emulator.handle(createThing, () => ({ ThingId: 'mine' }));
    expect(await answer()).not.toMatchObject([200, { ThingId: 'mine' }]);
  });

  it('is called once per subscription, and not before', async () => {
    let calls = 0;
    emulator.handle(describeThings, () => ({ TotalCount: ++calls }));
    const first = emulator.transport.send(sign({}));
    expect(calls).toBe(0);
    await firstValueFrom(first);
    await answer();
    expect(calls).toBe(2);
  });

  it('is left alone when nobody waits any more', async () => {
    const left = new Promise((resolve) => {
      emulator.handle(describeThings, () => new Observable(() => () => resolve('left')));
    });
    const subscription = emulator.transport.send(sign({})).subscribe();
    expect(emulator.activeRequests).toBe(1);
    await answer({ action: 'ReadLog', method: 'GET', path: '/elsewhere' });
    subscription.unsubscribe();
    expect(await left).toBe('left');
    expect(emulator.activeRequests).toBe(0);
  });

  it('is cut off when the emulator is closed', async () => {
    emulator.handle(describeThings, () => NEVER);
    const response = firstValueFrom(emulator.transport.send(sign({})));
    await emulator.close();
    await expect(response).rejects.toMatchObject({
      code: 'SDK.NetworkError',
      message: expect.stringContaining('closed') as string,
    });
    expect(emulator.activeRequests).toBe(0);
  });
});

describe('latency', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('holds every answer back, issues too', async () => {
    const emulator = thingsEmulator({ latency: 100 });
    const statuses: number[] = [];
    emulator.transport.send(sign({})).subscribe(({ status }) => statuses.push(status));
    emulator.transport.send(sign({ accessKeySecret: 'wrong' })).subscribe(({ status }) => statuses.push(status));
    await jest.advanceTimersByTimeAsync(99);
    expect(statuses).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(statuses).toEqual([200, 400]);
  });

  it('is asked for each call', async () => {
    const latencies = [50, 10];
    const emulator = thingsEmulator({ latency: () => latencies.shift() ?? 0 });
    const order: string[] = [];
    emulator.transport.send(sign({})).subscribe(() => order.push('first'));
    emulator.transport.send(sign({})).subscribe(() => order.push('second'));
    await jest.advanceTimersByTimeAsync(50);
    expect(order).toEqual(['second', 'first']);
  });

  it('leaves no timer behind a call that is given up', async () => {
    const emulator = thingsEmulator({ latency: 100 });
    const subscription = emulator.transport.send(sign({})).subscribe();
    await jest.advanceTimersByTimeAsync(50);
    expect(jest.getTimerCount()).toBe(1);
    subscription.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('options that can’t work', () => {
  it.each([
    [{ latency: -1 }, 'Expected `latency` to be milliseconds from 0 to 2147483647, or a function, got -1'],
    [{ bootTime: NaN }, 'Expected `bootTime` to be a number of milliseconds >= 0, got NaN'],
    [{ regions: [] }, 'Expected `regions` to be one region or more, got none'],
  ])('are refused at once: %j', (options, message) => {
    expect(() => thingsEmulator(options)).toThrow(message);
  });
});
