/** Writes the lists of docs/pages.md: which operations have pages, by which rule, and what looks like a list but has none. */
import type { AnyOperation } from '../lib/service.js';
import { findPager, type PagerRule } from './pager.js';

/** A product, and what it is imported as. */
export interface Listed {
  readonly product: string;
  readonly version: string;
  /** Such as `ecs`. */
  readonly name: string;
  /** By their names in the client. */
  readonly operations: Readonly<Record<string, AnyOperation>>;
}

const begin = '<!-- operations -->';
const end = '<!-- end of operations -->';

/** The page with the lists anew, between their marks. */
export function withOperations(page: string, products: readonly Listed[]): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/pages.md has no ${begin} and ${end}`);
  return `${before}${begin}\n${operationsText(products)}${end}${after}`;
}

interface Found {
  readonly product: Listed;
  readonly method: string;
  readonly rule?: PagerRule;
  readonly reason?: string;
}

function operationsText(products: readonly Listed[]): string {
  const found = products.flatMap((product) =>
    Object.entries(product.operations).flatMap(([method, operation]): Found[] => {
      const pager = findPager(operation);
      return pager === undefined ? [] : [{ product, method, ...pager }];
    }),
  );
  const paged = found.filter(({ rule }) => rule !== undefined);
  const without = found.filter(({ rule }) => rule === undefined);
  return `
${paged.length} operations of ${new Set(paged.map(({ product }) => product)).size} products have pages:

${table(
  ['by', 'operations', 'what says so'],
  rules.map(([rule, says]) => [rule, String(paged.filter((each) => each.rule === rule).length), says]),
)}

${without.length} look like lists and have none:

${table(
  ['operations', 'why'],
  grouped(without, reasonOf).map(([reason, all]) => [String(all.length), reason]),
)}

${products.map((product) => productText(product, found)).join('')}`;
}

const rules: readonly [PagerRule, string][] = [
  ['number', "a page's number in the request, and a size, a total or how many pages there are"],
  ['token', 'what the request takes to go on with, and the answer gives'],
  ['number or token', 'both; see above for which it is'],
  ['offset', 'how many items come before, and how many are wanted'],
];

function productText(product: Listed, all: readonly Found[]): string {
  const found = all.filter((each) => each.product === product);
  if (found.length === 0) return '';
  const lines = [
    ...rules.map(([rule]) => [`by ${rule}`, found.filter((each) => each.rule === rule)] as const),
    ...grouped(
      found.filter(({ rule }) => rule === undefined),
      reasonOf,
    ).map(([reason, each]) => [`none: ${reason}`, each] as const),
  ];
  const { name, version } = product;
  return `### ${product.product} ${version}

\`rx-alicloud/${name}\`

${lines
  .filter(([, each]) => each.length > 0)
  .map(([what, each]) => `- ${what}: ${each.map(({ method }) => `\`${method}\``).join(', ')}\n`)
  .join('')}
`;
}

/** Without the lists that it names. */
function reasonOf({ reason = '' }: Found): string {
  return reason.replace(/:.*/, '');
}

function grouped<T>(all: readonly T[], keyOf: (each: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
