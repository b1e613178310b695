/** The parts of docs/conformance.md that a run writes: the counts of each product, and the differences with their reasons. */
import type { Product } from '../../codegen/products.js';
import { hostGroups, hostsInWords, type HostRow } from './hosts.js';
import { groups } from './report.js';
import { count, inWords, type Result } from './results.js';

export interface Row {
  /** As in `rx-alicloud/ecs`. */
  readonly name: string;
  /** Of the API. */
  readonly version: string;
  readonly source: Pick<Product, 'package' | 'version'>;
  readonly results: readonly Result[];
}

export function fillIn(document: string, rows: readonly Row[], hosts: readonly HostRow[]): string {
  const results = rows.flatMap((row) => row.results);
  const total = `\`${inWords(count(results))}\``;
  return [
    ['total', total],
    [
      'products',
      table(
        ['product', 'version', 'official package', 'operations', 'compared', 'equal', 'different'],
        rows.map(cells),
      ),
    ],
    ['differences', table(['what differs', 'operations', 'reason'], differenceCells(results))],
    ['hosts total', `\`${hostsInWords(hosts)}\``],
    ['hosts', table(['product', 'official client', 'here', 'regions', 'reason'], hostCells(hosts))],
  ].reduce((text, [name = '', part = '']) => replacePart(text, name, part), document);
}

function cells({ name, version, source, results }: Row): string[] {
  const { operations, compared, equal, different } = count(results);
  const numbers = [operations, compared, equal, different].map(String);
  return [`\`${name}\``, version, `\`${source.package}\` ${source.version}`, ...numbers];
}

function differenceCells(results: readonly Result[]): string[][] {
  return groups(results).map(({ kind, reason = 'unexplained', operations }) => [kind, listed(operations), reason]);
}

function hostCells(hosts: readonly HostRow[]): string[][] {
  const sorted = hostGroups(hosts).sort((a, b) => a.product.localeCompare(b.product) || b.regions - a.regions);
  return sorted.map(({ product, official, ours, regions, reason = 'unexplained' }) => [
    `\`${product}\``,
    official,
    ours,
    String(regions),
    reason,
  ]);
}

function listed(operations: readonly string[]): string {
  const names = operations.slice(0, 5).map((name) => `\`${name}\``);
  return `${names.join(', ')}${operations.length > 5 ? ` and ${operations.length - 5} more` : ''}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What stands between `<!-- name -->` and `<!-- /name -->`. */
function replacePart(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`Expected the document to have ${start} and, after it, ${end}`);
  return `${text.slice(0, from + start.length)}\n\n${part}\n\n${text.slice(to)}`;
}
