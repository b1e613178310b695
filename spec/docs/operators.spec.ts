/** The pages of the operators: there is one for each, what its program prints stands below it, and the waiters are those of the code. */
import { readdirSync, readFileSync } from 'node:fs';
import * as operators from '../../lib/operators/index.js';
import type { Until } from '../../lib/operators/waiter.js';
import { nameOf, waiters } from '../waiters/support.js';
import { linesOf } from './run-snippet.js';
import { snippetsOf } from './snippets.js';

const pages = readdirSync('docs/operators').map((file) => file.replace('.md', ''));
const index = readFileSync('docs/operators.md', 'utf8');

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

it('name each operator in the index, and nothing else', () => {
  const listed = [...index.matchAll(/^\| \[`(\w+)`\]\(operators\/(.*)\.md\)/gm)].map(([, name = '', page = '']) => [
    name,
    page,
  ]);
  expect(listed.map(([, page]) => page).sort()).toEqual(pages.sort());
  expect(listed.map(([name = '']) => kebab(name))).toEqual(listed.map(([, page]) => page));
  const mentioned = Object.keys(operators).filter((name) => !index.includes(`\`${name}\``));
  expect(mentioned).toEqual([]);
});

describe.each(pages)('the page of %s', (page) => {
  const text = readFileSync(`docs/operators/${page}.md`, 'utf8');

  it('shows its marble picture', () => {
    expect(text).toContain(`](../marbles/${page}.svg)`);
  });

  it('has a program that prints what stands below it', () => {
    const snippets = snippetsOf(`docs/operators/${page}.md`);
    const at = snippets.findIndex(({ language }) => language === 'js run');
    const [program, printed] = snippets.slice(at, at + 2);
    if (program === undefined || printed === undefined) throw new Error(`${page} has no program`);
    expect(linesOf(program)).toEqual(printed.code.trimEnd().split('\n'));
  });
});

it('lists the waiters as they are in the code', () => {
  const page = readFileSync('docs/operators/wait-for.md', 'utf8');
  const [, table] = /<!-- waiters -->\n([^]*)<!-- end of waiters -->/.exec(page) ?? [];
  expect(table).toBe(waiterTable());
});

function waiterTable(): string {
  const head =
    '| `rx-alicloud/waiters/…` | waiter | waits for | fails at | states of |\n| --- | --- | --- | --- | --- |\n';
  const rows = Object.entries(waiters).flatMap(([product, some]) =>
    Object.values(some).map((waiter) => {
      const { service, action } = waiter.resource.operation;
      const source = `https://api.aliyun.com/document/${service.product}/${service.version}/${action}`;
      const cells = [
        `\`${product}\``,
        `\`${waiter.name}\``,
        awaited(waiter),
        failing(waiter),
        `[${nameOf(waiter)}](${source})`,
      ];
      return `| ${cells.join(' | ')} |\n`;
    }),
  );
  return `${head}${rows.join('')}`;
}

function awaited({ states = [], gone = false }: Until): string {
  return [...states.map((state) => `\`${state}\``), ...(gone ? ['not there'] : [])].join(' or ');
}

function failing({ fails = [] }: Until): string {
  return fails.length === 0 ? '–' : fails.map((state) => `\`${state}\``).join(', ');
}
