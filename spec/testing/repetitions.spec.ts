import { Observable, Subject } from 'rxjs';
import type { Operation, Service } from '../../lib/service.js';
import { runInstances } from '../../lib/services/ecs.js';
import { assumeRole } from '../../lib/services/sts.js';
import { apiError } from '../../lib/testing/api-error.js';
import { buildEmulator, type Emulator } from '../../lib/testing/emulator.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { openSession } from './support/session.js';
import { keys, sign, type Signable } from './support/signer.js';
import { stoppedClock } from './support/things.js';
import { wires, type Wire } from './support/wires.js';

const service: Service = {
  product: 'Orders',
  version: '2021-01-01',
  endpoints: { prefix: 'orders', rule: 'regional', regions: {} },
};

const order: Operation<{ ClientToken?: string; Item?: string }, { OrderId?: string }> = {
  service,
  action: 'Order',
  query: 'ClientToken:s,Item:s',
  response: '{RequestId:s,OrderId:s}',
};
const cancel: Operation<{ ClientToken?: string }, object> = { ...order, action: 'Cancel' };
const look: Operation<{ Item?: string }, object> = { ...order, action: 'Look', query: 'Item:s' };
const ship: Operation<{ body?: { clientToken?: string } }, object> = {
  service,
  action: 'Ship',
  path: '/shipments',
  body: 'body={clientToken:s,to:s}',
  response: '{requestId:s,id:s}',
};
const others = { accessKeyId: 'other-key', accessKeySecret: 'other-secret' };

describe.each(wires)('a client token, %s', (_name, open) => {
  let emulator: Emulator;
  let wire: Wire;
  let made: number;

  beforeEach(async () => {
    made = 0;
    emulator = buildEmulator(
      {
        clock: stoppedClock(),
        credentials: [keys, others],
        services: [{ service, operations: { order, cancel, look, ship } }],
      },
      [],
    );
    emulator.handle(order, () => ({ OrderId: `order-${++made}` }));
    wire = await open(emulator);
  });

  afterEach(() => wire.close());

  const send = (query: Record<string, string>, parts: Signable = {}): Promise<HttpResponse> =>
    wire.send(
      sign({
        origin: wire.origin,
        action: 'Order',
        version: service.version,
        time: stoppedClock()(),
        query,
        ...parts,
      }),
    );

  /** What an answer says of the order, or why there is none. */
  async function outcome(query: Record<string, string>, parts?: Signable): Promise<unknown> {
    const { OrderId, Code } = JSON.parse((await send(query, parts)).body) as { OrderId?: string; Code?: string };
    return OrderId ?? Code;
  }

  it('gives the first answer again, and executes nothing', async () => {
    const [first, second] = [await send({ ClientToken: 't', Item: 'a' }), await send({ ClientToken: 't', Item: 'a' })];
    const [one, two] = [first, second].map(({ body }) => JSON.parse(body) as Record<string, string>);
    expect([one?.OrderId, two?.OrderId]).toEqual(['order-1', 'order-1']);
    expect([one?.RequestId, two?.RequestId]).toEqual([
      first.headers['x-acs-request-id'],
      second.headers['x-acs-request-id'],
    ]);
    expect(emulator.requests.get('Order')).toBe(1);
  });

  it('does so for answers that are made up, and wherever the operation has the field', async () => {
    const shipment = { query: {}, path: '/shipments', action: 'Ship', contentType: 'application/json' };
    const body = JSON.stringify({ clientToken: 't', to: 'here' });
    const [first, second] = [await send({}, { ...shipment, body }), await send({}, { ...shipment, body })];
    const [one, two] = [first, second].map(({ body }) => JSON.parse(body) as Record<string, string>);
    expect(one?.id).toBe(two?.id);
    expect([one?.requestId, two?.requestId]).toEqual([
      first.headers['x-acs-request-id'],
      second.headers['x-acs-request-id'],
    ]);
    expect(emulator.requests.get('Ship')).toBe(1);
  });

  it('is for one operation, one account, and one request', async () => {
    expect(await outcome({ ClientToken: 't', Item: 'a' })).toBe('order-1');
    expect(await outcome({ ClientToken: 't', Item: 'a' }, others)).toBe('order-2');
    expect(await outcome({ ClientToken: 'u', Item: 'a' })).toBe('order-3');
    expect(await outcome({ ClientToken: 't', Item: 'b' })).toBe('IdempotentParameterMismatch');
    await send({ ClientToken: 't' }, { action: 'Cancel' });
    expect(Object.fromEntries(emulator.requests)).toEqual({ Order: 3, Cancel: 1 });
  });

  it('is nothing where it is missing, empty, or no field of the operation', async () => {
    expect([await outcome({}), await outcome({}), await outcome({ ClientToken: '' })]).toEqual([
      'order-1',
      'order-2',
      'order-3',
    ]);
    await send({ ClientToken: 't' }, { action: 'Look' });
    await send({ ClientToken: 't' }, { action: 'Look' });
    expect(emulator.requests.get('Look')).toBe(2);
  });

  it('answers although the first answer was lost', async () => {
    emulator.inject({ kind: 'cut', times: 1 });
    await expect(send({ ClientToken: 't' })).rejects.toBeDefined();
    emulator.inject({ kind: 'error', afterExecution: true, times: 1 });
    expect(await outcome({ ClientToken: 't' })).toBe('InternalError');
    expect(await outcome({ ClientToken: 't' })).toBe('order-1');
    expect(emulator.requests.get('Order')).toBe(1);
  });

  it('is free again where the call was refused', async () => {
    const remove = emulator.handle(order, () => {
      throw apiError(403, 'NoStock', 'There is none left.');
    });
    expect(await outcome({ ClientToken: 't' })).toBe('NoStock');
    remove();
    expect(await outcome({ ClientToken: 't' })).toBe('order-1');
  });

  it('waits for a first call that is under way', async () => {
    const answers = new Subject<object>();
    emulator.handle(order, () => answers);
    const both = Promise.all([outcome({ ClientToken: 't' }), outcome({ ClientToken: 't' })]);
    while (emulator.activeRequests < 2 || !answers.observed) await new Promise(setImmediate);
    answers.next({ OrderId: 'the only one' });
    expect(await both).toEqual(['the only one', 'the only one']);
    expect(emulator.requests.get('Order')).toBe(1);
  });

  it('keeps what was begun going when its caller leaves', async () => {
    const answers = new Subject<object>();
    emulator.handle(order, () => answers);
    const first = emulator.transport
      .send(sign({ action: 'Order', version: service.version, time: stoppedClock()(), query: { ClientToken: 't' } }))
      .subscribe();
    while (!answers.observed) await new Promise(setImmediate);
    first.unsubscribe();
    answers.next({ OrderId: 'late' });
    expect(await outcome({ ClientToken: 't' })).toBe('late');
    expect(emulator.requests.get('Order')).toBe(1);
  });

  it('holds nothing open when the emulator is closed', async () => {
    let isOpen = false;
    emulator.handle(
      order,
      () =>
        new Observable(() => {
          isOpen = true;
          return () => (isOpen = false);
        }),
    );
    const waiting = send({ ClientToken: 't' }).catch((error: unknown) => error);
    while (!isOpen) await new Promise(setImmediate);
    await wire.close();
    await waiting;
    expect(isOpen).toBe(false);
  });

  it('stands in the ledger beside the marker, once for each execution', async () => {
    await send({ ClientToken: 't', Item: 'a' }, { headers: { 'x-marker': 'one' } });
    await send({ ClientToken: 't', Item: 'a' }, { headers: { 'x-marker': 'two' } });
    emulator.inject({ kind: 'throttle', times: 1 });
    await send({ Item: 'b' }, { headers: { 'x-marker': 'three' } });
    const { headers } = await send({ Item: 'b' }, { headers: { 'x-marker': 'four' }, ...others });
    expect(emulator.executions).toEqual([
      expect.objectContaining({ action: 'Order', marker: 'one', clientToken: 't', accessKeyId: keys.accessKeyId }),
      {
        action: 'Order',
        marker: 'four',
        clientToken: undefined,
        accessKeyId: others.accessKeyId,
        requestId: headers['x-acs-request-id'],
        time: stoppedClock()(),
      },
    ]);
  });
});

it('lets temporary credentials of an account repeat what others of it began', async () => {
  const { call, emulator } = openSession();
  const RoleArn = 'acs:ram::1234567890123456:role/runner';
  const ids: unknown[] = [];
  // Each is assumed by the one before.
  let parts: Signable = {};
  for (const RoleSessionName of ['first', 'second']) {
    const { Credentials } = await call(assumeRole, { RoleArn, RoleSessionName }, parts);
    parts = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      accessKeySecret: Credentials?.AccessKeySecret ?? '',
      headers: { 'x-acs-security-token': Credentials?.SecurityToken },
    };
    const response = await call(runInstances, { RegionId: 'cn-hangzhou', ClientToken: 'kept' }, parts);
    ids.push(response.InstanceIdSets?.InstanceIdSet);
  }
  expect(ids[0]).toEqual(ids[1]);
  expect(emulator.requests.get('RunInstances')).toBe(1);
});
