import type { HttpRow, ImportRow, PoolRow, Results, StartRow } from './results.js';
import { differenceOf, ratioOf } from './statistics.js';
import { goAgainstOfficial, targets, verdictOf, type Target, type Verdict } from './targets.js';

/** A line of the table of targets, measured. */
export interface Line {
  readonly what: string;
  /** What was measured, and what it is held against, with units. */
  readonly measured: string;
  readonly against: string;
  readonly value: number;
  readonly unit: '×' | 'bytes' | 'KB' | 'MB' | 'ms';
  readonly target: Target;
  readonly verdict: Verdict;
}

/** Every line whose figures were measured; of a part that was left out there is none. */
export function linesOf(results: Results): Line[] {
  return [
    ...httpLines(results.http ?? []),
    ...poolLines(results.pool ?? []),
    ...waitingLines(results),
    ...importLines(results.imports ?? []),
    ...startLines(results.starts ?? []),
    ...bundleLines(results),
  ];
}

function httpLines(rows: readonly HttpRow[]): Line[] {
  const find = (scenario: string, concurrency: number, client: string) =>
    rows.find((row) => row.scenario === scenario && row.concurrency === concurrency && row.client === client);
  const compare = (
    scenario: string,
    concurrency: number,
    other: string,
    line: (ours: HttpRow, theirs: HttpRow) => Line,
  ): Line[] => {
    const ours = find(scenario, concurrency, 'ours');
    const theirs = find(scenario, concurrency, other);
    return ours && theirs ? [line(ours, theirs)] : [];
  };
  const cpu = ({ cpu }: HttpRow) => `${cpu.toFixed(0)} µs`;
  const rate = ({ rate }: HttpRow) => `${rate.toFixed(0)}/s`;

  return [
    ...['http-small', 'tls-small'].flatMap((scenario) =>
      [10, 50].flatMap((concurrency) =>
        compare(scenario, concurrency, 'floor', (ours, theirs) =>
          ratioLine(
            `CPU a call against the floor, ${nameOf(scenario)}, ${concurrency} at a time`,
            [cpu(ours), cpu(theirs)],
            ratioOf(ours.cpus, theirs.cpus),
            targets.cpuAgainstFloor,
          ),
        ),
      ),
    ),
    ...[10, 50].flatMap((concurrency) =>
      compare('http-small', concurrency, 'http', (ours, theirs) =>
        ratioLine(
          `CPU a call against bare http.request, ${concurrency} at a time`,
          [cpu(ours), cpu(theirs)],
          ratioOf(ours.cpus, theirs.cpus),
          targets.cpuAgainstHttp,
        ),
      ),
    ),
    ...['http-small', 'tls-small'].flatMap((scenario) =>
      [10, 50].flatMap((concurrency) =>
        compare(scenario, concurrency, 'official', (ours, theirs) =>
          ratioLine(
            `calls/s against the official SDK, ${nameOf(scenario)}, ${concurrency} at a time`,
            [rate(ours), rate(theirs)],
            ratioOf(ours.rates, theirs.rates),
            targets.callsAgainstOfficial,
          ),
        ),
      ),
    ),
    ...[10, 50].flatMap((concurrency) =>
      compare('http-small', concurrency, 'official', (ours, theirs) =>
        ratioLine(
          `calls/s against the Go SDK (quoted), ${concurrency} at a time`,
          [rate(ours), `${(theirs.rate * goAgainstOfficial.calls).toFixed(0)}/s`],
          ratioOf(ours.rates, theirs.rates) / goAgainstOfficial.calls,
          targets.callsAgainstGo,
        ),
      ),
    ),
    ...[10, 50].flatMap((concurrency) =>
      compare('http-small', concurrency, 'official', (ours, theirs) =>
        ratioLine(
          `CPU a call against the Go SDK (quoted), ${concurrency} at a time`,
          [cpu(ours), `${(theirs.cpu * goAgainstOfficial.cpu).toFixed(0)} µs`],
          ratioOf(ours.cpus, theirs.cpus) / goAgainstOfficial.cpu,
          targets.cpuAgainstGo,
        ),
      ),
    ),
    ...['http-large', 'tls-large'].flatMap((scenario) =>
      [10, 50].flatMap((concurrency) =>
        compare(scenario, concurrency, 'floor', (ours, theirs) =>
          ratioLine(
            `large answer, CPU against the floor, ${nameOf(scenario)}, ${concurrency} at a time`,
            [cpu(ours), cpu(theirs)],
            ratioOf(ours.cpus, theirs.cpus),
            targets.largeAgainstFloor,
          ),
        ),
      ),
    ),
    ...[10, 50].flatMap((concurrency) =>
      compare('http-large', concurrency, 'http', (ours, theirs) =>
        ratioLine(
          `large answer, CPU against http.request + JSON.parse, ${concurrency} at a time`,
          [cpu(ours), cpu(theirs)],
          ratioOf(ours.cpus, theirs.cpus),
          targets.largeAnswer,
        ),
      ),
    ),
  ];
}

function poolLines(rows: readonly PoolRow[]): Line[] {
  const find = (queue: string, length: number) => rows.find((row) => row.queue === queue && row.length === length);
  const rate = ({ rate }: PoolRow) => `${rate.toFixed(0)}/s`;
  const lines = [100_000, 1_000_000].flatMap((length) => {
    const [ours, theirs] = [find('ours', length), find('pQueue', length)];
    if (!ours || !theirs) return [];
    return ratioLine(
      `the pool, tasks/s against p-queue, ${length.toLocaleString('en')} at once`,
      [rate(ours), rate(theirs)],
      ratioOf(ours.rates, theirs.rates),
      targets.poolAgainstPQueue,
    );
  });
  const [many, few] = [find('ours', 1_000_000), find('ours', 1000)];
  if (!many || !few) return lines;
  const cost = ({ microseconds, collecting }: PoolRow) => `${microseconds.toFixed(2)} µs (gc ${collecting.toFixed(2)})`;
  const alone = ({ microseconds, collecting }: PoolRow) => microseconds - collecting;
  return [
    ...lines,
    ratioLine(
      'the pool, cost of a task: 1,000,000 waiting against 1,000',
      [cost(many), cost(few)],
      ratioOf(few.rates, many.rates),
      targets.poolByLength,
    ),
    ratioLine(
      'the same without the collection of garbage',
      [`${alone(many).toFixed(2)} µs`, `${alone(few).toFixed(2)} µs`],
      alone(many) / alone(few),
      targets.poolByLengthAlone,
    ),
  ];
}

function waitingLines({ waiting = [] }: Results): Line[] {
  const names = { ours: 'memory of a waiting task, the pool alone', call: 'memory of a waiting call, client and all' };
  return Object.entries(names).flatMap(([name, what]) => {
    const row = waiting.find(({ queue }) => queue === name);
    return row
      ? [line(what, [`${row.bytes.toFixed(0)} bytes`, ''], row.bytes, 'bytes', targets.bytesPerWaitingCall)]
      : [];
  });
}

function importLines(rows: readonly ImportRow[]): Line[] {
  const [ours, parts] = ['ours', 'parts'].map((name) => rows.find((row) => row.name === name));
  if (!ours || !parts) return [];
  const time = ({ milliseconds }: ImportRow) => `${milliseconds.toFixed(0)} ms`;
  const ratio = ratioOf(ours.rounds, parts.rounds);
  return [
    ratioLine('import of rx-alicloud/ecs against axios + rxjs', [time(ours), time(parts)], ratio, targets.importTime),
  ];
}

function startLines(rows: readonly StartRow[]): Line[] {
  const node = rows.find(({ name }) => name === 'node');
  const ways = { imported: 'import', required: 'require' };
  return Object.entries(ways).flatMap(([name, way]) => {
    const ours = rows.find((row) => row.name === name);
    if (!ours || !node) return [];
    const time = ({ milliseconds }: StartRow) => `${milliseconds.toFixed(0)} ms`;
    const memory = ({ rss }: StartRow) => `${(rss / 1e6).toFixed(1)} MB`;
    const taken = differenceOf(ours.rounds, node.rounds);
    const kept = differenceOf(ours.rssRounds, node.rssRounds) / 1e6;
    return [
      line(`first answer by ${way}, beyond https.request`, [time(ours), time(node)], taken, 'ms', targets.startTime),
      line(`its memory, by ${way}`, [memory(ours), memory(node)], kept, 'MB', targets.startMemory),
    ];
  });
}

function bundleLines({ bundles = [] }: Results): Line[] {
  const kinds = [
    ['ours', 'gzipped', 'browser bundle of one ECS call', targets.bundle],
    ['ownTransport', 'gzipped', 'the same with a transport over fetch', targets.bundleOfOwnTransport],
    ['nodeModules', 'minified', 'bundle for Node of one ECS call, not gzipped', targets.bundleForNode],
  ] as const;
  return kinds.flatMap(([name, size, what, target]) => {
    const row = bundles.find((bundle) => bundle.name === name);
    if (!row) return [];
    const kilobytes = row[size] / 1024;
    return [line(what, [`${kilobytes.toFixed(1)} KB`, ''], kilobytes, 'KB', target)];
  });
}

function ratioLine(what: string, values: readonly [string, string], ratio: number, target: Target): Line {
  return line(what, values, ratio, '×', target);
}

function line(
  what: string,
  [measured, against]: readonly [string, string],
  value: number,
  unit: Line['unit'],
  target: Target,
): Line {
  return { what, measured, against, value, unit, target, verdict: verdictOf(target, value) };
}

function nameOf(scenario: string): string {
  return scenario.startsWith('tls') ? 'TLS' : 'HTTP';
}
