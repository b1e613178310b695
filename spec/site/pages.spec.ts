/** The sidebar of the site is made of the files that are there. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { foldersWithoutPages, pageOf, sidebar } from '../../site/pages.js';

type Item = DefaultTheme.SidebarItem;

const linksOf = (items: readonly Item[]): string[] =>
  items.flatMap(({ link, items: within = [] }) => [...(link === undefined ? [] : [link]), ...linksOf(within)]);

function itemsOf(path: string): Item[] {
  const items = sidebar()[path];
  if (!Array.isArray(items)) throw new Error(`There is no sidebar for ${path}`);
  return items;
}

describe('the pages', () => {
  it.each([
    ['README.md', 'start.md'],
    ['site/index.md', 'index.md'],
    ['docs/async.md', 'async.md'],
    ['docs/operators/poll.md', 'operators/poll.md'],
    ['site/api/index.md', 'api/index.md'],
    ['site/reference.md', undefined],
    ['docs/marbles/failure.svg', undefined],
    ['bench/README.md', undefined],
  ])('%s is %s', (file, page) => {
    expect(pageOf(file)).toBe(page);
  });
});

describe('the sidebar', () => {
  const here = process.cwd();
  let folder: string;

  /** A repository with these files, by their first headings. */
  function repository(files: Readonly<Record<string, string>>): void {
    for (const [file, heading] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), `\n# ${heading}\n\n# Another\n`);
    }
    process.chdir(folder);
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-alicloud-'));
  });

  afterEach(() => {
    process.chdir(here);
    rmSync(folder, { recursive: true });
  });

  const always = {
    'README.md': 'rx-alicloud',
    'CONTRIBUTING.md': 'Contributing',
    'SECURITY.md': 'Security',
    'CHANGELOG.md': 'Changelog',
    'site/index.md': 'Home',
    'site/api/index.md': 'API reference',
  };

  it('lists every page of the repository once', () => {
    const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
    const expected = pages.map((file) => `/${file.replace(/(^|\/)index\.md$|\.md$/, '$1')}`);
    const links = linksOf(itemsOf('/'));
    expect(links).toEqual(expect.arrayContaining(expected));
    expect(new Set(links).size).toBe(links.length);
  });

  it('has a new page among the guides, by its heading, and a folder as a group', () => {
    repository({
      ...always,
      'docs/calls.md': 'Calls of every kind',
      'docs/testing.md': 'Testing',
      'docs/decisions.md': 'Decisions',
      'docs/cookbook.md': 'The `cookbook`',
      'docs/operators/index.md': 'Operators',
      'docs/operators/poll.md': 'poll',
      'docs/queues/jobs.md': 'Jobs',
      'docs/recipes.md': 'Recipes for all',
      'docs/recipes/retry.md': 'Retry',
      'docs/marbles/text.txt': 'No page',
    });
    const items = itemsOf('/').map(({ text, items: within = [] }) => [text, within.map((item) => item.text)]);
    expect(items).toEqual([
      ['Guide', ['Start', 'Calls of every kind', 'The cookbook', 'Testing']],
      ['Operators', ['poll']],
      ['Queues', ['Jobs']],
      ['Recipes for all', ['Retry']],
      ['Background', ['Decisions', 'Contributing', 'Security', 'Changelog']],
      ['API reference', []],
    ]);
    expect(linksOf(itemsOf('/'))).toEqual(
      expect.arrayContaining(['/cookbook', '/operators/', '/queues/jobs', '/recipes']),
    );
  });

  it('has the entries of the package in the API reference, and their names', () => {
    repository({
      ...always,
      'docs/calls.md': 'Calls',
      'site/api/rx-alicloud/index.md': 'rx-alicloud',
      'site/api/rx-alicloud/classes/Config.md': 'Config',
      'site/api/rx-alicloud/testing/index.md': 'rx-alicloud/testing',
      'site/api/rx-alicloud/testing/functions/apiError.md': 'apiError()',
    });
    const [{ items = [] } = {}] = itemsOf('/api/');
    expect(items.map(({ text }) => text)).toEqual(['rx-alicloud', 'rx-alicloud/testing']);
    expect(linksOf(items)).toEqual([
      '/api/rx-alicloud/',
      '/api/rx-alicloud/classes/Config',
      '/api/rx-alicloud/testing/',
      '/api/rx-alicloud/testing/functions/apiError',
    ]);
  });

  it('leaves out the folders without pages', () => {
    repository({ ...always, 'docs/calls.md': 'Calls', 'bench/README.md': 'The bench' });
    expect(foldersWithoutPages()).toEqual(['bench/**']);
  });
});
