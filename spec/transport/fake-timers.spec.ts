import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { send, Setting } from './support.js';

const at = new Setting();

afterEach(async () => {
  jest.useRealTimers();
  await at.end();
});

describe('under fake timers', () => {
  it.each([
    ['all', {}],
    ['those of milliseconds', { doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'] as const }],
    ['turns', { doNotFake: ['setTimeout', 'clearTimeout', 'nextTick', 'queueMicrotask'] as const }],
  ])('requests are answered: %s', async (_which, { doNotFake = [] }: { doNotFake?: readonly string[] }) => {
    await at.begin();
    jest.useFakeTimers({ doNotFake: [...doNotFake] as never[] });
    for (let i = 0; i < 3; i++) {
      expect((await send(at.transport, { url: at.url, body: 'b', connectTimeout: 1000, readTimeout: 1000 })).body).toBe(
        '{}',
      );
    }
    at.transport = axiosTransport({ maxConnections: 2 });
    const bodies = await Promise.all(Array.from({ length: 6 }, () => send(at.transport, { url: at.url })));
    expect(bodies.map(({ body }) => body)).toEqual(Array(6).fill('{}'));
  });
});
