import { linesOf } from '../../bench/report/lines.js';
import type { HttpRow, PoolRow, Results } from '../../bench/report/results.js';

const machine = { date: '', node: '', cpu: '', cores: 2, quick: false };

function http(client: string, scenario: string, concurrency: number, rate: number, cpu: number): HttpRow {
  return { client, scenario, concurrency, rate, rates: [rate], cpu, cpus: [cpu], rss: 0, heap: 0, connections: 1 };
}

function pool(queue: string, length: number, rate: number, collecting = 0): PoolRow {
  return { queue, length, rate, rates: [rate], microseconds: 1e6 / rate, collecting, rss: 0 };
}

function lines(results: Omit<Results, 'machine'>): Record<string, [value: number, verdict: string]> {
  return Object.fromEntries(
    linesOf({ machine, ...results }).map(({ what, value, verdict }) => [what, [Number(value.toFixed(3)), verdict]]),
  );
}

describe('the lines of the table of targets', () => {
  it('are left out where nothing was measured', () => {
    expect(linesOf({ machine })).toEqual([]);
    expect(linesOf({ machine, http: [http('ours', 'http-small', 10, 100, 10)] })).toEqual([]);
  });

  it('hold calls against the floor, the bare client, the official SDK, and through it the Go SDK', () => {
    const rows = [
      http('ours', 'http-small', 10, 3000, 60),
      http('floor', 'http-small', 10, 5000, 48),
      http('http', 'http-small', 10, 4000, 50),
      http('official', 'http-small', 10, 1000, 200),
    ];
    expect(lines({ http: rows })).toEqual({
      'CPU a call against the floor, HTTP, 10 at a time': [1.25, 'must met'],
      'CPU a call against bare http.request, 10 at a time': [1.2, 'MISSED'],
      'calls/s against the official SDK, HTTP, 10 at a time': [3, 'aim met'],
      'calls/s against the Go SDK (quoted), 10 at a time': [1.579, 'aim met'],
      'CPU a call against the Go SDK (quoted), 10 at a time': [0.366, 'aim met'],
    });
  });

  it('hold each scenario against its own rows', () => {
    const rows = ['http-small', 'tls-small', 'http-large', 'tls-large'].flatMap((scenario, i) => [
      http('ours', scenario, 50, 100 * (i + 1), 10),
      http('official', scenario, 50, 100, 10 * (i + 1)),
      http('http', scenario, 50, 100, 10 / (i + 1)),
      http('floor', scenario, 50, 100, 10 - 2 * i),
    ]);
    expect(lines({ http: rows })).toMatchObject({
      'calls/s against the official SDK, HTTP, 50 at a time': [1, 'MISSED'],
      'calls/s against the official SDK, TLS, 50 at a time': [2, 'MISSED'],
      'CPU a call against the floor, HTTP, 50 at a time': [1, 'aim met'],
      'CPU a call against the floor, TLS, 50 at a time': [1.25, 'must met'],
      'CPU a call against bare http.request, 50 at a time': [1, 'must met'],
      'large answer, CPU against the floor, HTTP, 50 at a time': [1.667, 'MISSED'],
      'large answer, CPU against the floor, TLS, 50 at a time': [2.5, 'MISSED'],
      'large answer, CPU against http.request + JSON.parse, 50 at a time': [3, 'MISSED'],
    });
  });

  it('hold the pool against p-queue, and against itself with fewer waiting', () => {
    const rows = [
      pool('ours', 1000, 1_250_000),
      pool('ours', 100_000, 900_000),
      pool('pQueue', 100_000, 300_000),
      pool('ours', 1_000_000, 800_000, 0.45),
      pool('pQueue', 1_000_000, 200_000),
    ];
    expect(lines({ pool: rows })).toEqual({
      'the pool, tasks/s against p-queue, 100,000 at once': [3, 'MISSED'],
      'the pool, tasks/s against p-queue, 1,000,000 at once': [4, 'aim met'],
      'the pool, cost of a task: 1,000,000 waiting against 1,000': [1.563, 'MISSED'],
      'the same without the collection of garbage': [1, 'aim met'],
    });
  });

  it('take memory, imports and bundles as they are', () => {
    const weights = {
      waiting: [
        { queue: 'ours', bytes: 390 },
        { queue: 'call', bytes: 610 },
      ],
      imports: [
        { name: 'ours', milliseconds: 60, rounds: [60, 70], rss: 0, heap: 0 },
        { name: 'parts', milliseconds: 50, rounds: [50, 50], rss: 0, heap: 0 },
      ],
      starts: [
        { name: 'imported', milliseconds: 0, rounds: [130, 150, 128], cpu: 0, rss: 0, rssRounds: [29e6, 30e6, 28e6] },
        { name: 'required', milliseconds: 0, rounds: [100, 200, 128], cpu: 0, rss: 0, rssRounds: [29e6, 30e6, 26e6] },
        { name: 'node', milliseconds: 0, rounds: [10, 11, 12], cpu: 0, rss: 0, rssRounds: [4e6, 4e6, 2e6] },
        { name: 'official', milliseconds: 0, rounds: [1, 1, 1], cpu: 0, rss: 0, rssRounds: [1, 1, 1] },
      ],
      bundles: [
        { name: 'ours', minified: 0, gzipped: 38 * 1024 },
        { name: 'ownTransport', minified: 0, gzipped: 26 * 1024 },
        { name: 'nodeModules', minified: 150 * 1024, gzipped: 999 * 1024 },
      ],
    };
    expect(lines(weights)).toEqual({
      'memory of a waiting task, the pool alone': [390, 'aim met'],
      'memory of a waiting call, client and all': [610, 'MISSED'],
      'import of rx-alicloud/ecs against axios + rxjs': [1.3, 'must met'],
      'first answer by import, beyond https.request': [120, 'must met'],
      'its memory, by import': [26, 'MISSED'],
      'first answer by require, beyond https.request': [116, 'must met'],
      'its memory, by require': [25, 'aim met'],
      'browser bundle of one ECS call': [38, 'aim met'],
      'the same with a transport over fetch': [26, 'must met'],
      'bundle for Node of one ECS call, not gzipped': [150, 'aim met'],
    });
  });
});
