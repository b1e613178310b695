import { NEVER, of, timer, map } from 'rxjs';
import { ok, play, read, refusal, throttle } from './support.js';

const key = { accessKeyId: 'LTAI5tId', accessKeySecret: 'the-secret' };

describe('the deadline of a call', () => {
  it('covers an attempt, and says where the time went', () => {
    play(['never'], { deadline: 50 }, ({ client, transport, run, flush }) => {
      const ending = run(client.call(read, {}));
      flush();
      expect(ending).toMatchObject({ at: 50, error: { code: 'SDK.Timeout', phase: 'deadline', timeout: 50 } });
      expect(ending.error?.message).toBe(
        'DescribeZones did not end within its deadline of 50 ms (50 ms on the wire) (SDK.Timeout, Ecs DescribeZones, cn-hangzhou)',
      );
      expect([transport.aborted, transport.underWay]).toEqual([1, 0]);
    });
  });

  it('covers the queue', () => {
    const options = { deadline: 50, enableAsync: true, poolSize: 1 };
    play(['never', ok()], options, ({ client, transport, run, flush }) => {
      run(client.call(read, {}, { deadline: 0, timeout: 0 }));
      const ending = run(client.call(read, {}));
      flush();
      expect(ending).toMatchObject({ at: 50, error: { phase: 'deadline', spent: { queued: 50, sent: 0 } } });
      expect(transport.sent).toHaveLength(1);
    });
  });

  it('covers the credentials', () => {
    play([ok()], { deadline: 50, credentials: () => NEVER }, ({ client, transport, run, flush }) => {
      const ending = run(client.call(read, {}));
      flush();
      expect(ending).toMatchObject({ at: 50, error: { phase: 'deadline', spent: { credentials: 50 } } });
      expect(transport.sent).toHaveLength(0);
    });
  });

  it('covers every attempt and every wait, and adds them up', () => {
    const credentials = () => timer(10).pipe(map(() => key));
    play([[20, refusal(503, 'ServiceUnavailable')]], { deadline: 350, credentials }, ({ client, run, flush }) => {
      const ending = run(client.call(read, {}, { retry: { maxAttempts: 9 } }));
      flush();
      // The wait before the third would end at 360.
      expect(ending.at).toBe(160);
      expect(ending.error).toMatchObject({ code: 'ServiceUnavailable', attempts: [{ wait: 100 }, { number: 2 }] });
    });
  });

  it('ends a call at once where the server asks for a longer wait', () => {
    const options = { deadline: 1000, rateLimiter: false } as const;
    play([throttle({ 'x-acs-retry-after': '2000' }), ok()], options, ({ client, transport, run, flush }) => {
      const ending = run(client.call(read, {}));
      flush();
      expect(ending).toMatchObject({ at: 0, error: { code: 'Throttling.User' } });
      expect(transport.sent).toHaveLength(1);
    });
  });

  it('can be said for one call, and is none where nothing is said', () => {
    play([[60_000, ok()]], { timeout: 0 }, ({ client, run, flush }) => {
      const [without, with5] = [run(client.call(read, {})), run(client.call(read, {}, { deadline: 5 }))];
      flush();
      expect([without.at, with5.at]).toEqual([60_000, 5]);
      expect(without.values).toEqual([{ N: 1 }]);
    });
  });

  it('leaves a response alone that has come', () => {
    play([[50, ok()]], { deadline: 51 }, ({ client, run, flush }) => {
      const ending = run(client.call(read, {}));
      flush();
      expect(ending).toEqual({ values: [{ N: 1 }], error: undefined, at: 50 });
    });
  });
});

it('an attempt that takes too long says where the time went', () => {
  const credentials = () => timer(30).pipe(map(() => key));
  play(['never'], { timeout: 50, retry: false, credentials }, ({ client, run, flush }) => {
    const ending = run(client.call(read, {}));
    flush();
    expect(ending.error?.message).toBe(
      'DescribeZones did not end within its timeout of 50 ms; the request was aborted (30 ms for credentials, 20 ms on the wire) (SDK.Timeout, Ecs DescribeZones, cn-hangzhou)',
    );
  });
});

it('a provider that keeps silent is an attempt that takes too long', () => {
  play([ok()], { timeout: 50, retry: false, credentials: () => NEVER }, ({ client, run, flush }) => {
    const ending = run(client.call(read, {}));
    flush();
    expect(ending).toMatchObject({ at: 50, error: { phase: 'attempt', spent: { credentials: 50 } } });
  });
});

it('the time that a call is held back is not that of its attempt', () => {
  const steps = [throttle({ 'x-acs-retry-after': '1000' }), ok()];
  play(steps, { timeout: 50, credentials: () => of(key) }, ({ client, run, flush }) => {
    const ending = run(client.call(read, {}));
    flush();
    expect(ending).toMatchObject({ at: 1000, values: [{ N: 1 }] });
  });
});
