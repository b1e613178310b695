import type { Emulator } from '../../lib/testing/emulator.js';
import type { RateLimit } from '../../lib/testing/rate-limit.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { keys, sign, type Signable } from './support/signer.js';
import { stoppedClock, thingsEmulator } from './support/things.js';
import { wires, type Wire } from './support/wires.js';

const others = { accessKeyId: 'other-key', accessKeySecret: 'other-secret' };
const log = { action: 'ReadLog', method: 'GET', path: '/log' };

describe.each(wires)('a limit on calls, %s', (_name, open) => {
  let clock: ReturnType<typeof stoppedClock>;
  let emulator: Emulator;
  let wire: Wire;

  async function start(rateLimit: RateLimit): Promise<void> {
    clock = stoppedClock();
    emulator = thingsEmulator({ clock, rateLimit, credentials: [keys, others] });
    wire = await open(emulator);
  }

  afterEach(() => wire.close());

  const send = (parts: Signable = {}): Promise<HttpResponse> =>
    wire.send(sign({ origin: wire.origin, time: clock(), ...parts }));

  const statuses = async (...calls: Signable[]): Promise<number[]> => {
    const seen: number[] = [];
    for (const call of calls) seen.push((await send(call)).status);
    return seen;
  };

  it('tells each caller how many are left, and refuses those above', async () => {
    await start({ calls: 2, per: 1000 });
    const reset = clock() + 1000;
    expect((await send()).headers['x-ratelimit-user-api']).toBe(`Limit:2,Remain:1,TimeLeft:1000,Reset:${reset}`);
    clock.advance(300);
    expect((await send()).headers['x-ratelimit-user-api']).toBe(`Limit:2,Remain:0,TimeLeft:700,Reset:${reset}`);
    const { status, headers, body } = await send();
    expect([status, headers['x-ratelimit-user-api']]).toEqual([400, `Limit:2,Remain:0,TimeLeft:700,Reset:${reset}`]);
    expect(JSON.parse(body)).toMatchObject({ Code: 'Throttling.User' });
    expect(emulator.requests.get('DescribeThings')).toBe(2);
    expect([...emulator.injectedFaults]).toEqual([['rateLimit', 1]]);
  });

  it('begins a new window when the old one has passed, and not before', async () => {
    await start({ calls: 1, per: 1000 });
    expect(await statuses({}, {})).toEqual([200, 400]);
    clock.advance(999);
    expect(await statuses({})).toEqual([400]);
    clock.advance(1);
    expect(await statuses({}, {})).toEqual([200, 400]);
  });

  it('counts each operation and each account for itself', async () => {
    await start({ calls: 1, per: 1000 });
    expect(await statuses({}, log, others, {}, log, others)).toEqual([200, 200, 200, 400, 400, 400]);
  });

  it('counts all operations of an account together where it is told to', async () => {
    await start({ calls: 2, per: 1000, scope: 'account' });
    expect((await send()).headers['x-ratelimit-user']).toMatch(/^Limit:2,Remain:1,/);
    expect(await statuses(log, {}, log, others)).toEqual([200, 400, 400, 200]);
  });

  it('opens again for a clock that is set back', async () => {
    await start({ calls: 1, per: 1000 });
    expect(await statuses({})).toEqual([200]);
    clock.advance(-3_600_000);
    expect(await statuses({})).toEqual([200]);
  });
});

it.each<[string, RateLimit]>([
  ['Expected `rateLimit.calls` to be an integer >= 1, got 0', { calls: 0, per: 1000 }],
  ['Expected `rateLimit.calls` to be an integer >= 1, got 1.5', { calls: 1.5, per: 1000 }],
  ['Expected `rateLimit.per` to be a number of milliseconds > 0, got 0', { calls: 1, per: 0 }],
])('says %s', (message, rateLimit) => {
  expect(() => thingsEmulator({ rateLimit })).toThrow(message);
});
