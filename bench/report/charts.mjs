/** The results as charts: `[file name, SVG]`. */
import { barChart } from './bar-chart.ts';
import { lineChart } from './line-chart.ts';
import { bundleTitles, clientTitles, importTitles, queueTitles, scenarioTitles } from './names.mjs';

export function chartsOf({ http = [], pool = [], waiting = [], imports = [], bundles = [], memory }) {
  return [
    ...Object.keys(scenarioTitles).flatMap((scenario) => [
      httpChart(scenario, http, 'rate', 'calls a second, more is better'),
      httpChart(scenario, http, 'cpu', 'CPU of the client for a call in µs, less is better'),
    ]),
    pool.length > 0 && ['pool.svg', poolChart(pool)],
    bars('waiting.svg', waiting, {
      title: 'Memory of what waits',
      subtitle: 'bytes of heap for each waiting task, less is better',
      group: ({ queue, bytes }) => ({ label: queueTitles[queue], values: [bytes], ours: isOurs(queue) }),
    }),
    bars('imports.svg', imports, {
      title: 'Import',
      subtitle: 'milliseconds in a fresh process, less is better',
      group: ({ name, milliseconds }) => ({ label: importTitles[name], values: [milliseconds], ours: isOurs(name) }),
    }),
    bars('bundles.svg', bundles, {
      title: 'A bundle with one ECS call',
      subtitle: 'KB, minified and gzipped, less is better',
      group: ({ name, gzipped }) => ({ label: bundleTitles[name], values: [gzipped / 1024], ours: isOurs(name) }),
    }),
    ...(memory ? memoryCharts(memory) : []),
  ].filter(Boolean);
}

function httpChart(scenario, all, value, subtitle) {
  const rows = all.filter((row) => row.scenario === scenario);
  const concurrencies = [...new Set(rows.map(({ concurrency }) => concurrency))];
  return bars(`${scenario}-${value}.svg`, [...new Set(rows.map(({ client }) => client))], {
    title: scenarioTitles[scenario],
    subtitle,
    series: concurrencies.map((concurrency) => `${concurrency} at a time`),
    group: (client) => ({
      label: clientTitles[client],
      values: rows.filter((row) => row.client === client).map((row) => row[value]),
      ours: isOurs(client),
    }),
  });
}

function poolChart(pool) {
  return lineChart({
    title: 'The pool alone, 10 tasks at a time',
    subtitle:
      'tasks a second, more is better; RxJS mergeMap alone does not finish a million; each step is ten times the one before',
    x: { label: 'tasks submitted at once', log: true },
    y: { log: true },
    lines: [...new Set(pool.map(({ queue }) => queue))].map((queue) => ({
      label: queueTitles[queue],
      ours: isOurs(queue),
      points: pool.filter((row) => row.queue === queue).map(({ length, rate }) => [length, rate]),
    })),
  });
}

function memoryCharts({ pool, http }) {
  const share = ({ total, samples }, value) => samples.map((sample) => [(sample.done / total) * 100, value(sample)]);
  const heap = (series) => share(series, (sample) => sample.heap / 1e6);
  const x = { label: '% of the run' };
  const [tasks, calls] = [pool.total, http.total].map((total) => total.toLocaleString('en'));
  return [
    [
      'memory-heap.svg',
      lineChart({
        title: 'The heap over time',
        subtitle: 'MB after a collection, at each hundredth of the run',
        x,
        y: {},
        lines: [
          { label: `${tasks} tasks`, ours: false, points: heap(pool) },
          { label: `${calls} calls`, ours: true, points: heap(http) },
        ],
      }),
    ],
    [
      'memory-sockets.svg',
      lineChart({
        title: 'Open sockets over time',
        subtitle: `${calls} calls over HTTP, with a pool of ${http.poolSize}`,
        x,
        y: {},
        lines: [{ label: 'open sockets', ours: true, points: share(http, (sample) => sample.sockets) }],
      }),
    ],
  ];
}

function bars(file, items, { title, subtitle, series = [''], group }) {
  return items.length > 0 && [file, barChart({ title, subtitle, series, groups: items.map(group) })];
}

function isOurs(name) {
  return ['ours', 'operator', 'call', 'ownTransport'].includes(name);
}
