import { lastValueFrom, of, take, toArray } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { CallEvent, DriftedEvent } from '../../lib/events/events.js';
import type { Operation } from '../../lib/service.js';
import { errorOf, MemoryTransport, secret, service } from '../pipeline/support.js';
import { play } from './support.js';

const describeZones: Operation<Record<string, unknown>, unknown> = {
  service,
  action: 'DescribeZones',
  response: '{Id:l,Zones:[{Name:s,Total:n}],Token:n}',
};
const drifted = '{"Id":9007199254740993,"Zones":[{"Name":{"a":1},"Total":"1"},{"Name":1.10,"Total":"-"}]}';

function clientOf(body: string, options: ClientOptions = {}): { client: AlicloudClient; events: CallEvent[] } {
  const transport = new MemoryTransport(() => of({ status: 200, headers: {}, body }));
  const credentials = accessKey('LTAI5tId', secret);
  const client = new AlicloudClient({ regionId: 'cn-hangzhou', credentials, transport, ...options });
  const events: CallEvent[] = [];
  client.events$.subscribe((event) => events.push(event));
  return { client, events };
}

const driftIn = (events: readonly CallEvent[]): DriftedEvent[] => events.filter((event) => event.type === 'drifted');

describe('an answer that drifted', () => {
  const drift = [
    { path: 'Zones[0].Name', expected: 'a string', received: 'an object' },
    { path: 'Zones[1].Total', expected: 'a number', received: 'the string "-"' },
  ];

  it('is handed on, and told of in an event of its call', async () => {
    const { client, events } = clientOf(drifted);
    expect(await lastValueFrom(client.call(describeZones, {}))).toStrictEqual({
      Id: 9007199254740993n,
      Zones: [
        { Name: { a: 1 }, Total: 1 },
        { Name: '1.10', Total: '-' },
      ],
    });
    expect(events.map(({ type }) => type)).toEqual(['started', 'attempt', 'drifted', 'response', 'finished']);
    expect(driftIn(events)).toEqual([
      {
        type: 'drifted',
        time: expect.any(Number) as number,
        call: { id: 1, product: 'Ecs', version: '2014-05-26', action: 'DescribeZones' },
        drift,
      },
    ]);
  });

  it('is told of by none where it can be read as what was meant', async () => {
    const { client, events } = clientOf('{"Id":"9007199254740993","Zones":{"Name":7},"Token":[]}');
    expect(await lastValueFrom(client.call(describeZones, {}, { strict: true }))).toStrictEqual({
      Id: 9007199254740993n,
      Zones: [{ Name: '7' }],
    });
    expect(driftIn(events)).toEqual([]);
  });

  it('is counted', () => {
    play([{ status: 200, headers: {}, body: '{"N":"-"}' }], {}, ({ client, run, flush }) => {
      const counted = run(client.watchStats({ period: 1000 }).pipe(take(2)));
      const read: Operation<Record<string, unknown>, unknown> = { service, action: 'A', response: '{N:n}' };
      run(client.call(read, {}));
      run(client.call(read, {}));
      flush();
      expect(counted.values).toMatchObject([{ rates: { drifted: 0 } }, { rates: { drifted: 2, finished: 2 } }]);
    });
  });

  it.each<[where: string, options: ClientOptions, callOptions: { strict?: boolean }, isError: boolean]>([
    ['by default', {}, {}, false],
    ["where the client's option asks for it", { strict: true }, {}, true],
    ["where the call's option asks for it", {}, { strict: true }, true],
    ["where the call's option has the client's in its place", { strict: true }, { strict: false }, false],
  ])('is an error only where that is asked for: %s', async (_where, options, callOptions, isError) => {
    const { client, events } = clientOf(drifted, options);
    const call = lastValueFrom(client.call(describeZones, {}, callOptions));
    if (!isError) return expect(await call).toMatchObject({ Id: 9007199254740993n });
    const error = await errorOf(call);
    expect(error).toMatchObject({
      code: 'SDK.InvalidResponse',
      message:
        'The answer to DescribeZones, status 200, does not fit its description: `Zones[0].Name` should be a string and is an object',
      issues: drift,
    });
    expect(driftIn(events)).toEqual([]);
  });

  it('is one for `request`, too, where events are not JSON', async () => {
    const stream = () => of({ status: 200, headers: {} }, new TextEncoder().encode('data: ping\n\n'));
    const transport = Object.assign(new MemoryTransport(), { stream });
    const { client, events } = clientOf('', { transport });
    const request = { product: 'Ecs', version: '1', action: 'A', responseType: 'events' } as const;
    expect(await lastValueFrom(client.request(request).pipe(toArray()))).toEqual(['ping']);
    expect(driftIn(events)).toMatchObject([
      { drift: [{ path: 'response', expected: 'JSON', received: 'the text "ping"' }] },
    ]);
    expect(await errorOf(client.request({ ...request, strict: true }))).toMatchObject({ code: 'SDK.InvalidResponse' });
  });

  it('shows no secret, wherever one stands', async () => {
    const hidden = 'hunter2';
    const zones = [
      { Total: `got ${secret}` },
      { Total: JSON.stringify({ Password: hidden }) },
      { Total: { Password: hidden } },
      { Total: `${'x'.repeat(60 - secret.length)}${secret}` },
    ];
    const { client, events } = clientOf(JSON.stringify({ Zones: zones, Token: hidden }));
    await lastValueFrom(client.call(describeZones, {}));
    const [event] = driftIn(events);
    expect(event?.drift).toHaveLength(5);
    const shown = JSON.stringify(event);
    expect(shown).not.toContain(hidden);
    expect(shown).not.toContain(secret.slice(0, 8));
  });
});
