import { of } from 'rxjs';
import { NetworkError, TimeoutError } from '../../lib/errors.js';
import { answer, errorOf, MemoryTransport, operation, pipelineOver } from '../pipeline/support.js';
import { ok, play, read, refusal, throttle, write, writeOnce } from './support.js';

const reset = new NetworkError('closed', 'https://ecs', 'ECONNRESET');
const unreachable = new NetworkError('refused', 'https://ecs', 'ECONNREFUSED');
const notConnected = new TimeoutError({ phase: 'connect', timeout: 5000 });
const silent = new TimeoutError({ phase: 'read', timeout: 10_000 });
const busy = refusal(503, 'ServiceUnavailable');

describe('a call that only reads', () => {
  it.each([
    ['an answer of 500', refusal(500, 'InternalError')],
    ['an answer of 503', busy],
    ['a connection that broke', reset],
    ['a server that is silent', silent],
  ])('is repeated after %s', (_, step) => {
    play([step, step, ok()], {}, ({ client, transport, run, flush }) => {
      const ending = run(client.call(read, {}));
      flush();
      expect(ending).toEqual({ values: [{ N: 1 }], error: undefined, at: 300 });
      expect(transport.times).toEqual([0, 100, 300]);
    });
  });

  it('ends in the last error after three attempts, and says what they were', () => {
    play([busy], {}, ({ client, transport, run, flush }) => {
      const ending = run(client.call(read, {}));
      flush();
      expect(transport.sent).toHaveLength(3);
      expect(ending.error).toMatchObject({ code: 'ServiceUnavailable' });
      expect(ending.error?.attempts).toEqual([
        { number: 1, startedAt: 0, duration: 0, status: 503, code: 'ServiceUnavailable', wait: 100 },
        { number: 2, startedAt: 100, duration: 0, status: 503, code: 'ServiceUnavailable', wait: 200 },
        { number: 3, startedAt: 300, duration: 0, status: 503, code: 'ServiceUnavailable' },
      ]);
    });
  });

  it('tells of its attempts with the response', () => {
    play(
      [
        [5, busy],
        [7, ok()],
      ],
      {},
      ({ client, run, flush }) => {
        const { values } = run(client.call(read, {}, { observe: 'response' }));
        flush();
        expect(values).toMatchObject([
          {
            attempts: [
              { number: 1, startedAt: 0, duration: 5, status: 503, code: 'ServiceUnavailable', wait: 100 },
              { number: 2, startedAt: 105, duration: 7, status: 200 },
            ],
          },
        ]);
      },
    );
  });

  it('is not repeated where that would not help', () => {
    play([refusal(404, 'InvalidZone.NotFound')], {}, ({ client, transport, run, flush }) => {
      expect(run(client.call(read, {})).error).toMatchObject({ code: 'InvalidZone.NotFound' });
      flush();
      expect(transport.sent).toHaveLength(1);
    });
  });

  it('is repeated when the time is over that a server in trouble asks for', () => {
    play(
      [refusal(500, 'InternalError', { 'x-acs-retry-after': '7000' }), ok()],
      {},
      ({ client, transport, run, flush }) => {
        run(client.call(read, {}));
        flush();
        expect(transport.times).toEqual([0, 7000]);
      },
    );
  });

  it('is signed anew each time, with another nonce and time', () => {
    play([busy, busy, ok()], { clock: () => Date.UTC(2026, 0, 31) }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      flush();
      const nonces = transport.sent.map(({ request }) => request.headers['x-acs-signature-nonce']);
      expect(new Set(nonces).size).toBe(3);
      expect(new Set(transport.sent.map(({ request }) => request.headers.authorization)).size).toBe(3);
    });
  });

  it('waits for anything between nothing and the longest backoff', () => {
    play(
      [busy, busy, ok()],
      {},
      ({ client, transport, run, flush }) => {
        run(client.call(read, {}));
        flush();
        expect(transport.times).toEqual([0, 25, 75]);
      },
      0.25,
    );
  });
});

describe('a call that changes something', () => {
  it.each([
    ['an answer of 500', refusal(500, 'InternalError')],
    ['a connection that broke', reset],
    ['a server that is silent', silent],
  ])('is sent once where it may have been executed: %s', (_, step) => {
    play([step, ok()], {}, ({ client, transport, run, flush }) => {
      expect(run(client.call(write, {})).error?.code).toBeDefined();
      flush();
      expect(transport.sent).toHaveLength(1);
    });
  });

  it.each([
    ['no connection', unreachable],
    ['no connection in time', notConnected],
    ['a throttle', throttle()],
  ])('is repeated where it has not been executed: %s', (_, step) => {
    play([step, ok()], {}, ({ client, transport, run, flush }) => {
      const ending = run(client.call(write, {}));
      flush();
      expect(ending.values).toEqual([{ N: 1 }]);
      expect(transport.sent).toHaveLength(2);
    });
  });

  const hints: Record<string, string>[] = [
    { 'x-acs-retry-after': '1000' },
    { 'retry-after': '1' },
    { 'x-ratelimit-user-api': 'Limit:10,Remain:0,TimeLeft:1000,Reset:1' },
    { 'x-ratelimit-user': 'Limit:10,Remain:0,TimeLeft:1000,Reset:1' },
    { 'x-acs-retry-after': '1000', 'x-ratelimit-user-api': 'Limit:10,Remain:0,TimeLeft:1000,Reset:1' },
  ];
  const executed = [
    [500, 'InternalError'],
    [500, 'Throttling'],
    [502, 'HTTP.502'],
    [503, 'ServiceUnavailable'],
    [504, 'InvalidTimeStamp.Expired'],
    [504, 'HTTP.504'],
    [404, 'InvalidZone.NotFound'],
    [409, 'IncorrectStatus'],
    [403, 'Forbidden.RAM'],
  ] as const;

  it.each(executed.flatMap((answer) => hints.map((headers) => [...answer, headers] as const)))(
    'is sent once where it was answered %i %s with %j',
    (status, code, headers) => {
      const late = Date.UTC(2026, 0, 31);
      const step = refusal(status, code, { ...headers, date: new Date(late).toUTCString() });
      play([step, ok()], { clock: () => 0 }, ({ client, transport, run, flush }) => {
        const ending = run(client.call(write, {}));
        flush();
        expect([transport.sent.length, ending.error?.code]).toEqual([1, code]);
      });
    },
  );

  it('leaves the next one to wait, where it says that the quota is used up', () => {
    const [, , hint = {}] = hints;
    play([refusal(404, 'NotThere', hint), ok()], {}, ({ client, transport, run, flush }) => {
      run(client.call(write, {}));
      run(client.call(write, {}));
      flush();
      expect(transport.times).toEqual([0, 1000]);
    });
  });

  it('is repeated with the same ClientToken, another one for each subscription', () => {
    play([busy, ok(), busy, ok()], {}, ({ client, transport, run, flush }) => {
      const call = client.call(writeOnce, {});
      run(call);
      flush();
      run(call);
      flush();
      const [first, second, third, fourth] = transport.said('ClientToken');
      expect(first).toMatch(/^[0-9a-f-]{36}$/);
      expect([second, fourth]).toEqual([first, third]);
      expect(third).not.toBe(first);
    });
  });

  it("keeps the caller's own ClientToken", () => {
    play([busy, ok()], {}, ({ client, transport, run, flush }) => {
      run(client.call(writeOnce, { ClientToken: 'mine' }));
      flush();
      expect(transport.said('ClientToken')).toEqual(['mine', 'mine']);
    });
  });
});

describe('retry', () => {
  it('of false sends a call once, as it is', () => {
    play([busy, ok()], { retry: false }, ({ client, transport, run, flush }) => {
      expect(run(client.call(writeOnce, {})).error).toMatchObject({ code: 'ServiceUnavailable' });
      flush();
      expect(transport.said('ClientToken')).toEqual([null]);
    });
  });

  it('can be said for one call', () => {
    play([busy], { retry: false }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}, { retry: { maxAttempts: 5, baseDelay: 1 } }));
      flush();
      expect(transport.times).toEqual([0, 1, 3, 7, 15]);
    });
  });

  it('as a function has the last word, and knows what would be done without it', () => {
    const seen: unknown[] = [];
    const options = {
      retry: ({ error, ...failure }: { error: { code: string } } & object) => {
        seen.push({ code: error.code, ...failure });
        return seen.length < 3 ? 7 : false;
      },
    } as const;
    play([refusal(404, 'NotThere'), busy, busy], options, ({ client, transport, run, flush }) => {
      const ending = run(client.call(write, {}));
      flush();
      expect(transport.times).toEqual([0, 7, 14]);
      expect(ending.error).toMatchObject({ code: 'ServiceUnavailable' });
      const common = { action: 'StartZone', repeatable: false, wait: undefined };
      expect(seen).toEqual([
        { code: 'NotThere', kind: undefined, attempts: 1, ...common },
        { code: 'ServiceUnavailable', kind: 'transient', attempts: 2, ...common },
        { code: 'ServiceUnavailable', kind: 'transient', attempts: 3, ...common },
      ]);
    });
  });

  it('stops when the budget of the client is used up', () => {
    play([busy], { retry: { maxAttempts: 1000, maxDelay: 1 } }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      flush();
      // 500 tokens, 5 a retry.
      expect(transport.sent).toHaveLength(101);
    });
  });

  it('refuses a wrong option at once', () => {
    expect(() => play([], { retry: { maxAttempts: 0 } }, () => undefined)).toThrow(
      'Expected `retry.maxAttempts` to be an integer >= 1, got 0',
    );
  });
});

describe('unsubscribing', () => {
  it('during a wait ends it at once, with no attempt after it', () => {
    play([busy, ok()], {}, ({ client, transport, events, flush, scheduler }) => {
      const subscription = client.call(read, {}).subscribe();
      scheduler.schedule(() => subscription.unsubscribe(), 50);
      flush();
      expect(transport.sent).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ type: 'cancelled', time: 50, attempts: 1 });
    });
  });

  it('during an attempt aborts it, and is not taken for a failure', () => {
    play(['never'], {}, ({ client, transport, flush, scheduler }) => {
      const subscription = client.call(read, {}).subscribe();
      scheduler.schedule(() => subscription.unsubscribe(), 50);
      flush();
      expect([transport.sent.length, transport.aborted, transport.underWay]).toEqual([1, 1, 0]);
    });
  });
});

describe('the headers of a repetition', () => {
  it('say how often it was tried before, and how long it waited', () => {
    play([busy, busy, ok()], {}, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      flush();
      const told = transport.sent.map(({ request: { headers } }) => [
        headers['x-acs-retry-attempts'],
        headers['x-acs-retry-delay'],
      ]);
      expect(told).toEqual([
        [undefined, undefined],
        ['1', '100'],
        ['2', '200'],
      ]);
      expect(transport.sent[1]?.request.headers.authorization).toContain('x-acs-retry-attempts;x-acs-retry-delay');
    });
  });

  it.each([undefined, '/zones'])('are those of the older protocols, too: %j', async (path) => {
    const transport = new MemoryTransport(() => of(answer('{"Code":"InternalError"}', 500)));
    const pipeline = pipelineOver(transport, { retry: { baseDelay: 0 } });
    await errorOf(pipeline.call(operation({ protocol: 'V1', ...(path === undefined ? {} : { path }) }), {}));
    const told = transport.sent.map(({ headers }) => headers['x-acs-retry-attempts']);
    expect(told).toEqual([undefined, '1', '2']);
    expect(transport.sent[2]?.headers['x-acs-retry-delay']).toBe('0');
  });

  it('are of one call', () => {
    play([busy, ok(), ok()], {}, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      flush();
      run(client.call(read, {}));
      flush();
      expect(transport.sent.map(({ request }) => request.headers['x-acs-retry-attempts'])).toEqual([
        undefined,
        '1',
        undefined,
      ]);
    });
  });
});
