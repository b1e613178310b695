/** The results as tables: `{ name, title, head, rows }`, the first column of each row its name. For the terminal and for the page. */
import { linesOf } from './lines.ts';
import { bundleTitles, clientTitles, importTitles, queueTitles, scenarioTitles, startTitles } from './names.mjs';
import { boundOf } from './targets.ts';

export function tablesOf(results) {
  const { http = [], pool = [], waiting = [], imports = [], starts = [], bundles = [], memory } = results;
  return [
    ...Object.keys(scenarioTitles).flatMap((scenario) => httpTable(scenario, http)),
    ...poolTable(pool),
    ...some('waiting', waiting, {
      title: 'Memory of what waits',
      head: ['', 'bytes each'],
      row: ({ queue, bytes }) => [queueTitles[queue], whole(bytes)],
    }),
    ...some('imports', imports, {
      title: 'Import, in a fresh process',
      head: ['', 'ms', 'memory (RSS)', 'heap'],
      row: ({ name, milliseconds, rss, heap }) => [
        importTitles[name],
        whole(milliseconds),
        megabytes(rss),
        megabytes(heap),
      ],
    }),
    ...some('starts', starts, {
      title: 'From the import in a fresh process to the first answer, over TLS',
      head: ['', 'ms', 'CPU', 'memory (RSS)'],
      row: ({ name, milliseconds, cpu, rss }) => [
        startTitles[name],
        whole(milliseconds),
        `${whole(cpu)} ms`,
        megabytes(rss),
      ],
    }),
    ...some('bundles', bundles, {
      title: 'A bundle with one ECS call',
      head: ['', 'minified', 'and gzipped'],
      row: ({ name, minified, gzipped }) => [bundleTitles[name], kilobytes(minified), kilobytes(gzipped)],
    }),
    ...(memory ? [memoryTable(memory)] : []),
    ...targetTable(results),
  ];
}

function httpTable(scenario, all) {
  const rows = all.filter((row) => row.scenario === scenario);
  const concurrencies = [...new Set(rows.map(({ concurrency }) => concurrency))];
  const base = (concurrency) => rows.find((row) => row.client === 'floor' && row.concurrency === concurrency);
  const cells = (client) =>
    concurrencies.map((concurrency) => {
      const row = rows.find((each) => each.client === client && each.concurrency === concurrency);
      const against = base(concurrency) ? `, ×${(row.cpu / base(concurrency).cpu).toFixed(2)}` : '';
      return `${whole(row.rate)}/s, ${whole(row.cpu)} µs${against}`;
    });
  return some(`${scenario}`, [...new Set(rows.map(({ client }) => client))], {
    title: `${scenarioTitles[scenario]}: calls a second, CPU a call and against the floor`,
    head: [
      '',
      ...concurrencies.map((concurrency) => `${concurrency} at a time`),
      'peak memory (RSS), heap',
      'connections',
    ],
    row: (client) => {
      const own = rows.filter((row) => row.client === client);
      const last = own.at(-1);
      const memory = `${megabytes(last.rss)}, ${megabytes(last.heap)}`;
      return [
        clientTitles[client],
        ...cells(client),
        memory,
        own.map(({ connections }) => whole(connections)).join(', '),
      ];
    },
  });
}

function poolTable(pool) {
  const lengths = [...new Set(pool.map(({ length }) => length))];
  return some('pool', [...new Set(pool.map(({ queue }) => queue))], {
    title: 'The pool alone, 10 at a time: tasks a second; µs each, of which collecting garbage; peak memory',
    head: ['tasks submitted at once', ...lengths.map(whole)],
    row: (queue) => [
      queueTitles[queue],
      ...lengths.map((length) => {
        const row = pool.find((each) => each.queue === queue && each.length === length);
        return row
          ? `${whole(row.rate)}/s; ${row.microseconds.toFixed(2)}, gc ${row.collecting.toFixed(2)}; ${megabytes(row.rss)}`
          : 'does not finish';
      }),
    ],
  });
}

function memoryTable({ pool, http }) {
  const row = (name, { total, seconds, samples }, sockets) => {
    const heaps = samples.map(({ heap }) => heap);
    const range = `${megabytes(Math.min(...heaps))} to ${megabytes(Math.max(...heaps))}`;
    return [name, whole(total), `${seconds.toFixed(1)} s`, range, sockets];
  };
  const most = Math.max(...http.samples.map(({ sockets }) => sockets));
  return {
    name: 'memory',
    title: 'Memory over time',
    head: ['', 'how many', 'in', 'heap, collected', 'sockets: most at a time, opened, left'],
    rows: [
      row('tasks through the pool', pool, '–'),
      row('calls over HTTP', http, [most, http.accepted, http.left].map(whole).join(', ')),
    ],
  };
}

function targetTable(results) {
  return some('targets', linesOf(results), {
    title: 'What must be reached',
    head: ['', 'measured', 'against', 'ratio', 'must', 'aim', ''],
    row: ({ what, measured, against, value, unit, target, verdict }) => [
      what,
      measured,
      against,
      unit === '×' ? `×${value.toFixed(2)}` : `${value.toFixed(['KB', 'MB'].includes(unit) ? 1 : 0)} ${unit}`,
      boundOf(target, target.must),
      boundOf(target, target.aim),
      verdict,
    ],
  });
}

function some(name, items, { title, head, row }) {
  return items.length === 0 ? [] : [{ name, title, head, rows: items.map(row) }];
}

function whole(value) {
  return Math.round(value).toLocaleString('en');
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
