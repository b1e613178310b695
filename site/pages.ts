/** Which files of the repository are pages of the site, and how the sidebar lists them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';

type Item = DefaultTheme.SidebarItem;

/** The pages beside those of docs/, by their paths on the site. */
const others: Readonly<Record<string, string>> = {
  'site/index.md': 'index.md',
  'README.md': 'start.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security.md',
  'CHANGELOG.md': 'changelog.md',
};

/** In this order; what is in neither group is a guide, after the others. */
const guides = ['start', 'installing', 'calls', 'async', 'credentials', 'retries', 'distributed', 'transport', 'observability'];
const later = ['testing', 'emulator', 'configuration', 'products'];
const background = [
  'architecture',
  'decisions',
  'conformance',
  'performance',
  'differences-from-the-go-sdk',
  'contributing',
  'security',
  'changelog',
];

/** What a file of the repository is called on the site; `undefined` where it is no page. */
export function pageOf(file: string): string | undefined {
  if (file in others) return others[file];
  return /^(?:docs|site(?=\/api\/))\/(.*\.md)$/.exec(file)?.[1];
}

/** Of the folders at the repository's root, those without pages. */
export function foldersWithoutPages(): string[] {
  return readdirSync('.', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'docs' && entry.name !== 'site')
    .map(({ name }) => `${name}/**`);
}

export function sidebar(): DefaultTheme.SidebarMulti {
  return { '/api/': apiSidebar(), '/': docsSidebar() };
}

function docsSidebar(): Item[] {
  const pages = [...Object.keys(others), ...markdownIn('docs').map((name) => `docs/${name}`)];
  const items = new Map(
    pages
      .filter((file) => file !== 'site/index.md')
      .map((file) => [(pageOf(file) ?? '').replace(/\.md$/, ''), file] as const)
      .map(([path, file]) => [path, { text: file === 'README.md' ? 'Start' : titleOf(file), link: `/${path}` }]),
  );
  const listed = (names: readonly string[]): Item[] => names.flatMap((name) => items.get(name) ?? []);
  // A page that heads a group is no guide beside it.
  const groups = foldersIn('docs').flatMap(group);
  const heads = groups.flatMap(({ link }) => (link === undefined ? [] : link.slice(1)));
  const known = new Set([...guides, ...later, ...background, ...heads]);
  const rest = [...items.keys()].filter((name) => !known.has(name));
  return [
    { text: 'Guide', items: [...listed(guides), ...listed(rest), ...listed(later)] },
    ...groups,
    { text: 'Background', items: listed(background) },
    { text: 'API reference', link: '/api/' },
  ];
}

/** The pages of a folder of docs/; at its head the page of its name, or its index. */
function group(folder: string): Item[] {
  const names = markdownIn(join('docs', folder));
  if (names.length === 0) return [];
  const head = [`${folder}.md`, `${folder}/index.md`].find((name) => existsSync(join('docs', name)));
  const items = names
    .filter((name) => name !== 'index.md')
    .map((name) => ({ text: titleOf(`docs/${folder}/${name}`), link: `/${folder}/${name.replace(/\.md$/, '')}` }));
  return [
    {
      text: head === undefined ? `${folder.charAt(0).toUpperCase()}${folder.slice(1)}` : titleOf(`docs/${head}`),
      ...(head !== undefined && { link: `/${head.replace(/(^|\/)index\.md$|\.md$/, '$1')}` }),
      collapsed: items.length > 12,
      items,
    },
  ];
}

/** TypeDoc's folders: an entry of the package, and in it a folder for each kind of name. */
function apiSidebar(): Item[] {
  const entriesOf = (folder: string): string[] =>
    foldersIn(folder).flatMap((name) => {
      const path = join(folder, name);
      return [...(markdownIn(path).includes('index.md') ? [path] : []), ...entriesOf(path)];
    });
  const names = entriesOf('site/api').map((entry) => ({
    text: titleOf(`${entry}/index.md`),
    link: linkTo(`${entry}/`),
    collapsed: true,
    items: foldersIn(entry).flatMap((kind) =>
      markdownIn(join(entry, kind))
        .filter((name) => name !== 'index.md')
        .map((name) => ({ text: name.replace(/\.md$/, ''), link: linkTo(`${entry}/${kind}/${name}`) })),
    ),
  }));
  return [{ text: 'API reference', link: '/api/', items: names }];
}

function linkTo(file: string): string {
  return file.replace(/^site/, '').replace(/\.md$/, '');
}

/** The first heading of a page. */
function titleOf(file: string): string {
  const [, title = file] = /^# (.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  return title.replaceAll('`', '');
}

function markdownIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort();
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
