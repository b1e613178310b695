import { createFaults, type Fault } from '../../lib/testing/faults.js';
import { createIds } from '../../lib/testing/ids.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { sign, type Signable } from './support/signer.js';
import { thingsEmulator } from './support/things.js';
import { wires, type Wire } from './support/wires.js';

const now = Date.UTC(2024, 4, 1);

describe.each(wires)('a fault, %s', (_name, open) => {
  let emulator: Emulator;
  let wire: Wire;

  beforeEach(async () => {
    emulator = thingsEmulator({ clock: () => now });
    wire = await open(emulator);
  });

  afterEach(() => wire.close());

  const send = (parts: Signable = {}): Promise<HttpResponse> =>
    wire.send(sign({ origin: wire.origin, time: now, ...parts }));

  /** The code of the socket's error, or the status of the answer. */
  async function outcome(parts: Signable = {}): Promise<string> {
    try {
      return String((await send(parts)).status);
    } catch (error) {
      const { code, cause } = error as { code: string; cause?: { code: string } };
      return cause?.code ?? code;
    }
  }

  const executed = (): number => emulator.requests.get('DescribeThings') ?? 0;

  it('throttles, and says for how long', async () => {
    emulator.inject({ kind: 'throttle', retryAfter: 250, times: 1 });
    const { status, headers, body } = await send();
    expect([status, headers['x-acs-retry-after']]).toEqual([400, '250']);
    expect(JSON.parse(body)).toMatchObject({ Code: 'Throttling.User', RequestId: headers['x-acs-request-id'] });
    expect(executed()).toBe(0);
    expect(await outcome()).toBe('200');
  });

  it.each([
    ['x-acs-retry-after', '1500'],
    ['x-ratelimit-user-api', `Limit:1,Remain:0,TimeLeft:1500,Reset:${now + 1500}`],
    ['x-ratelimit-user', `Limit:1,Remain:0,TimeLeft:1500,Reset:${now + 1500}`],
    ['retry-after', '2'],
  ] as const)('says for how long in %s', async (hint, value) => {
    for (const fault of [
      { kind: 'throttle' },
      { kind: 'error', status: 503 },
      { kind: 'html', status: 503 },
    ] as const) {
      emulator.inject({ ...fault, retryAfter: 1500, hint, times: 1 });
      const { headers } = await send();
      const hints = Object.entries(headers).filter(([name]) => /retry-after|ratelimit/.test(name));
      expect(hints).toEqual([[hint, value]]);
    }
  });

  it('says nothing of a wait that nobody asked for, and whatever else it is told to', async () => {
    emulator.inject({ kind: 'error', times: 1 });
    expect(Object.keys((await send()).headers).filter((name) => /retry-after|ratelimit/.test(name))).toEqual([]);
    const headers = { 'x-ratelimit-user-api': 'Limit:5,Remain:-1,TimeLeft:0,Reset:0' };
    emulator.inject({ kind: 'throttle', status: 429, code: 'Rejected.Throttling', headers, times: 1 });
    const answer = await send();
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      429,
      expect.objectContaining({ Code: 'Rejected.Throttling' }),
    ]);
    expect(answer.headers).toMatchObject({ 'x-acs-retry-after': '100', ...headers });
  });

  it('is an internal error, or any other', async () => {
    emulator.inject({ kind: 'error', times: 1 });
    emulator.inject({ kind: 'error', status: 503, code: 'ServiceUnavailable', message: 'Come back.', times: 1 });
    const first = await send();
    expect([first.status, JSON.parse(first.body)]).toEqual([500, expect.objectContaining({ Code: 'InternalError' })]);
    const second = await send();
    expect(second.status).toBe(503);
    expect(JSON.parse(second.body)).toMatchObject({ Code: 'ServiceUnavailable', Message: 'Come back.' });
  });

  it('is a gateway’s page', async () => {
    emulator.inject({ kind: 'html' });
    const { status, headers, body } = await send();
    expect([status, headers['content-type']]).toEqual([502, 'text/html']);
    expect(body).toMatch(/^<html>/);
  });

  it('resets the connection', async () => {
    emulator.inject({ kind: 'reset', times: 1 });
    expect([await outcome(), executed()]).toEqual(['ECONNRESET', 0]);
    expect(await outcome()).toBe('200');
  });

  it('cuts the body', async () => {
    emulator.inject({ kind: 'cut', times: 1 });
    expect([await outcome(), executed()]).toEqual(['ECONNRESET', 1]);
    expect(await outcome()).toBe('200');
  });

  it('holds the answer back of a call that was executed', async () => {
    emulator.inject({ kind: 'late', duration: 20 });
    const sending = send();
    while (executed() === 0) await new Promise(setImmediate);
    expect(emulator.injectedFaults.get('late')).toBe(1);
    expect((await sending).status).toBe(200);
  });

  it('slows the body down, which is whole in the end', async () => {
    emulator.inject({ kind: 'slow', duration: 20 });
    const { status, body } = await send();
    expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ TotalCount: 1 })]);
  });

  it.each<Fault>([{ kind: 'reset' }, { kind: 'error' }, { kind: 'html' }])(
    'can strike after the call was executed: %j',
    async (fault) => {
      emulator.inject({ ...fault, afterExecution: true } as Fault);
      expect([await outcome(), executed()]).not.toEqual(['200', 1]);
      expect(executed()).toBe(1);
    },
  );

  it('strikes one operation, as often as it is told', async () => {
    emulator.inject({ kind: 'error', action: 'ReadLog', times: 2 });
    const log = { action: 'ReadLog', method: 'GET', path: '/log' };
    expect([await outcome(), await outcome(log), await outcome(log), await outcome(log)]).toEqual([
      '200',
      '500',
      '500',
      '200',
    ]);
  });

  it('is taken back', async () => {
    const remove = emulator.inject({ kind: 'error' });
    expect(await outcome()).toBe('500');
    remove();
    remove();
    expect(await outcome()).toBe('200');
  });

  it('does not strike those who are not let in', async () => {
    emulator.inject({ kind: 'html', times: 1 });
    expect(await outcome({ accessKeySecret: 'wrong' })).toBe('400');
    expect(await outcome()).toBe('502');
  });

  it('is counted by its kind', async () => {
    emulator.inject({ kind: 'html', times: 2 });
    emulator.inject({ kind: 'throttle', times: 1 });
    for (let i = 0; i < 4; i++) await send();
    expect(Object.fromEntries(emulator.injectedFaults)).toEqual({ html: 2, throttle: 1 });
  });
});

describe('the dice of faults', () => {
  const strikes = (seed: string): boolean[] => {
    const faults = createFaults(createIds(seed));
    faults.inject({ kind: 'error', probability: 0.3 });
    return Array.from({ length: 1000 }, () => faults.strike('Any') !== undefined);
  };

  it('fall as the seed says, and about as often as the probability', () => {
    expect(strikes('a')).toEqual(strikes('a'));
    expect(strikes('a')).not.toEqual(strikes('b'));
    const hits = strikes('a').filter(Boolean).length;
    expect(hits).toBeGreaterThan(250);
    expect(hits).toBeLessThan(350);
  });

  it('never fall for 0 and always for 1', () => {
    const faults = createFaults(createIds('a'));
    faults.inject({ kind: 'error', probability: 0 });
    expect(faults.strike('Any')).toBeUndefined();
    faults.inject({ kind: 'reset', probability: 1, times: 1 });
    expect(faults.strike('Any')?.kind).toBe('reset');
    expect(faults.strike('Any')).toBeUndefined();
  });
});
