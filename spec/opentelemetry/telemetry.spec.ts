import { firstValueFrom, map, NEVER, of } from 'rxjs';
import { telemetry } from '../../lib/opentelemetry/index.js';
import { expectNoSecretIn, keySecret, response } from '../events/support.js';
import {
  eventOf,
  clientOver,
  Collected,
  endingOf,
  named,
  network,
  ok,
  operation,
  refusal,
  registerGlobals,
} from './support.js';

let collected: Collected;

registerGlobals();
beforeEach(() => (collected = new Collected()));
afterEach(() => collected.shutdown());

const ending = (error: unknown): Promise<unknown> => endingOf(collected, error);

describe('the metrics', () => {
  it('tell how long calls take, by what came of them', async () => {
    await firstValueFrom(clientOver(collected, ok).call());
    await firstValueFrom(clientOver(collected, ok).call());
    await ending(refusal);
    clientOver(collected, () => NEVER)
      .call()
      .subscribe()
      .unsubscribe();
    const durations = await collected.metric('rpc.client.call.duration');
    expect(
      durations.map(({ attributes, value }) => ({ attributes, count: (value as { count: number }).count })),
    ).toEqual([
      { attributes: named, count: 2 },
      {
        attributes: { ...named, 'error.type': 'Throttling.User', 'rpc.status_code': 'Throttling.User' },
        count: 1,
      },
      { attributes: { ...named, 'aliyun.cancelled': true }, count: 1 },
    ]);
  });

  it('count attempts, by what came of them', async () => {
    await firstValueFrom(clientOver(collected, ok).call());
    await firstValueFrom(clientOver(collected, () => of(response({ status: 503 }))).call());
    await ending(network);
    expect(await collected.metric('aliyun.client.attempts')).toEqual([
      { attributes: { ...named, 'http.response.status_code': 200 }, value: 1 },
      { attributes: { ...named, 'http.response.status_code': 503, 'error.type': '503' }, value: 1 },
      { attributes: { ...named, 'error.type': 'SDK.NetworkError' }, value: 1 },
    ]);
  });

  it('tell how many calls are under way', async () => {
    const client = clientOver(collected, () => NEVER);
    const [first] = [client.call().subscribe(), client.call().subscribe()];
    const active = (): Promise<unknown> => collected.metric('aliyun.client.active_calls');
    expect(await active()).toEqual([{ attributes: named, value: 2 }]);
    first.unsubscribe();
    expect(await active()).toEqual([{ attributes: named, value: 1 }]);
  });
});

it('a secret shows in nothing that is exported', async () => {
  await firstValueFrom(clientOver(collected, () => of(response({ status: 400 }))).call());
  await ending(network);
  const { spans } = collected;
  expect(spans.length).toBe(4);
  const exported = spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  expectNoSecretIn(exported);
  expect(JSON.stringify(exported)).not.toContain(encodeURIComponent(keySecret));
});

it('where nothing is set up, calls go their way', async () => {
  const { interceptors, attemptInterceptors } = telemetry();
  const attempt = attemptInterceptors[0](() => ok().pipe(map(eventOf)));
  const http = { method: 'GET', url: 'https://h/', headers: {} };
  const call = interceptors[0]((call) => attempt({ http, operation, attempt: 1, call }));
  expect(await firstValueFrom(call({ operation, request: {}, options: undefined }))).toMatchObject({ status: 200 });
});
