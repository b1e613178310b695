import type { HostRow } from './hosts.js';
import type { Finding } from './check.js';
import type { Kind } from './compare.js';
import { fillIn } from './document.js';
import { groups, printed } from './report.js';
import { count, explained, inWords, type Result } from './results.js';

const finding = (kind: Kind): Finding => ({ kind, case: 'all', request: { A: 1 }, official: 'theirs', ours: 'ours' });
const result = (product: string, operation: string, ...kinds: Kind[]): Result => {
  return { product, operation, findings: kinds.map(finding) };
};

const results = [
  result('ecs', 'describeRegions'),
  result('ecs', 'runInstances', 'query', 'body'),
  result('rds', 'describeComputeBurstConfig', 'query'),
  result('imagesearch-20180319', 'addItem', 'not compared'),
];

it('counts an operation once, however much of it differs', () => {
  expect(inWords(count(results))).toBe('operations: 4, compared: 3, equal: 1, different: 2');
  expect(inWords(count([]))).toBe('operations: 0, compared: 0, equal: 0, different: 0');
});

it('knows the reason of what is listed, and of nothing else', () => {
  const reasons = results.flatMap(explained).map(({ kind, reason }) => [kind, reason !== undefined]);
  expect(reasons).toEqual([
    ['query', false],
    ['body', false],
    ['query', true],
    ['not compared', true],
  ]);
  expect(explained(result('rds', 'describeComputeBurstConfig', 'body'))[0]?.reason).toBeUndefined();
  expect(explained(result('rds', 'describeRegions', 'query'))[0]?.reason).toBeUndefined();
});

it('puts together what has the same reason, or none', () => {
  const found = groups([...results, result('ecs', 'stopInstance', 'query')]);
  expect(found.map(({ kind, operations }) => [kind, operations])).toEqual([
    ['query', ['ecs runInstances', 'ecs stopInstance']],
    ['body', ['ecs runInstances']],
    ['query', ['rds describeComputeBurstConfig']],
    ['not compared', ['imagesearch-20180319 addItem']],
  ]);
  expect(printed(found[0]!)).toBe(
    'query: ecs runInstances, ecs stopInstance\n  case: all\n  official: theirs\n  ours: ours\n  request: { A: 1 }\n',
  );
});

it('writes the tables between their marks, and leaves the rest', () => {
  const marks = ['total', 'products', 'differences', 'hosts total', 'hosts'].map(
    (name) => `<!-- ${name} -->\nold\n<!-- /${name} -->`,
  );
  const source = { package: '@alicloud/ecs20140526', version: '7.11.6' };
  const hosts: HostRow[] = [
    { product: 'foo', region: 'a-1', official: 'foo.a-1.com', ours: undefined, published: 'foo.a-1.com' },
    { product: 'foo', region: 'b-1', official: 'foo.b-1.com', ours: undefined, published: undefined },
    { product: 'eci', region: 'a-1', official: undefined, ours: 'eci.a-1.com', published: 'eci.a-1.com' },
    { product: 'ecs', region: 'a-1', official: 'ecs.com', ours: 'ecs.com', published: undefined },
  ];
  const row = { name: 'ecs', version: '2014-05-26', source, results: results.slice(0, 2) };
  const text = fillIn(['Before', ...marks, 'After'].join('\n'), [row], hosts);
  expect(text).toContain('`operations: 2, compared: 2, equal: 1, different: 1`');
  expect(text).toContain('| `ecs` | 2014-05-26 | `@alicloud/ecs20140526` 7.11.6 | 2 | 2 | 1 | 1 |');
  expect(text).toContain('| query | `ecs runInstances` | unexplained |');
  expect(text).toContain(
    '`products: 3, hosts: 4, as the official client: 1, different: 3; published: 2, as published: 1`',
  );
  expect(text).toContain('| `foo` | foo.{region}.com | none | 2 | unexplained |');
  expect(text).toContain('| `eci` | none | eci.{region}.com | 1 | The package leaves it open');
  expect(text).not.toContain('ecs.com');
  expect(text).not.toContain('old');
  expect(fillIn(text, [row], hosts)).toBe(text);
  expect(() => fillIn('no marks', [row], hosts)).toThrow('Expected the document to have <!-- total -->');
});
