/** The site as it was built: every link within it leads somewhere, and nothing on it is fetched from elsewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onSite } from '../../site/links.js';
import { repository } from '../../site/repository.js';
import { fileOf, requireFreshSite, site } from './serve.js';

interface Page {
  readonly path: string;
  readonly links: readonly string[];
  readonly ids: ReadonlySet<string>;
  /** What the browser fetches by itself. */
  readonly fetched: readonly string[];
}

describe('the links of the built site', () => {
  const pages = new Map<string, Page>();

  beforeAll(() => {
    requireFreshSite();
    for (const file of readdirSync(site, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.html')) pages.set(join(site, file), pageIn(file));
    }
  });

  function pageIn(file: string): Page {
    // Of what is in scripts, nothing is a link.
    const html = readFileSync(join(site, file), 'utf8').replace(/<script\b[^>]*>[^]*?<\/script>/g, (script) =>
      script.slice(0, script.indexOf('>') + 1),
    );
    const all = (pattern: RegExp): string[] => [...html.matchAll(pattern)].map(({ 1: value = '' }) => decode(value));
    return {
      path: `/${file.replace(/(?:(^|\/)index)?\.html$/, '$1')}`,
      links: all(/<a\b[^>]*? href="([^"]*)"/g),
      ids: new Set(all(/<[a-z][^>]*? id="([^"]*)"/g)),
      fetched: [...all(/<link\b[^>]*? href="([^"]*)"/g), ...all(/<(?!a\b)[a-z][^>]*? src="([^"]*)"/g)],
    };
  }

  const broken = (link: string, from: Page): boolean => {
    const { pathname, hash } = new URL(link, `http://site${from.path}`);
    const file = fileOf(site, pathname);
    if (file === undefined) return true;
    return hash !== '' && !(pages.get(file)?.ids.has(decodeURIComponent(hash.slice(1))) ?? false);
  };

  it('are those of many pages, the API reference among them', () => {
    const paths = [...pages.values()].map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['/', '/start', '/async', '/api/', '/api/rx-alicloud/classes/AlicloudClient']),
    );
    const count = [...pages.values()].reduce((sum, { links }) => sum + links.length, 0);
    expect(count).toBeGreaterThan(10 * pages.size);
  });

  it('lead to pages and headings that are there', () => {
    const isInternal = (link: string): boolean => !/^(https?|mailto):/.test(link);
    const found = [...pages.values()].flatMap((page) =>
      [...new Set(page.links)]
        .filter((link) => isInternal(link) && broken(link, page))
        .map((link) => [page.path, link]),
    );
    expect(found).toEqual([]);
  });

  it('would be found out', () => {
    const page = pages.get(join(site, 'async.html'));
    if (page === undefined) throw new Error('There is no such page');
    expect(broken('/nowhere', page)).toBe(true);
    expect(broken('/start#nothing-of-the-kind', page)).toBe(true);
    expect(broken('#the-queue', page)).toBe(false);
    expect(broken('/start#errors', page)).toBe(false);
  });

  it('lead to files that the repository has', () => {
    const prefix = `${repository}/blob/main/`;
    const files = [...pages.values()].flatMap(({ links }) => links).filter((link) => link.startsWith(prefix));
    const paths = [...new Set(files.map((link) => link.slice(prefix.length).replace(/#.*/, '')))];
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'lib/client.ts']));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('let nothing be fetched from elsewhere', () => {
    const fetched = [...pages.values()].flatMap((page) => page.fetched.map((link) => [page, link] as const));
    const isOurs = (link: string, page: Page): boolean => link.startsWith('data:') || !broken(link, page);
    expect(fetched.length).toBeGreaterThan(pages.size);
    expect(fetched.filter(([page, link]) => !isOurs(link, page)).map(([{ path }, link]) => [path, link])).toEqual([]);
    const styles = readdirSync(join(site, 'assets')).filter((file) => file.endsWith('.css'));
    for (const file of styles) {
      expect(readFileSync(join(site, 'assets', file), 'utf8')).not.toMatch(/url\(["']?(https?:)?\/\/|@import/);
    }
  });
});

describe('a link of a page in the repository', () => {
  it.each([
    ['async.md#the-queue', 'docs/calls.md', '/async.md#the-queue'],
    ['../README.md#errors', 'docs/async.md', '/start.md#errors'],
    ['docs/async.md', 'README.md', '/async.md'],
    ['../examples/emulator/Dockerfile', 'docs/emulator.md', `${repository}/blob/main/examples/emulator/Dockerfile`],
    ['LICENSE', 'README.md', `${repository}/blob/main/LICENSE`],
    ['interfaces/Channel.md', 'site/api/rx-alicloud/index.md', '/api/rx-alicloud/interfaces/Channel.md'],
    ['#errors', 'docs/async.md', '#errors'],
    ['https://rxjs.dev/', 'docs/async.md', 'https://rxjs.dev/'],
    ['no-such-file.md', 'README.md', 'no-such-file.md'],
  ])('%s of %s leads to %s', (href, page, expected) => {
    expect(onSite(href, page)).toBe(expected);
  });
});

/** The entities that stand in attributes. */
function decode(value: string): string {
  return value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
