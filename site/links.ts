/** The links of the pages are those of the repository, where the same files are read as they are: here they get their places on the site. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { pageOf } from './pages.js';
import { repository } from './repository.js';

/** What VitePress tells of the page that is rendered: `path` is the file, unless it is renamed and `realPath` is. */
interface Environment {
  readonly path?: string;
  readonly realPath?: string;
}

export function linkFromRepository(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('links-from-repository', ({ tokens, env }) => {
    const { path = '', realPath = path } = env as Environment;
    const page = relative('.', realPath).split(sep).join('/');
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        const href = token.type === 'link_open' ? token.attrGet('href') : null;
        if (href !== null) token.attrSet('href', onSite(href, page));
      }
    }
  });
}

/** A page of the site has its path there; any other file of the repository, its address in it. */
export function onSite(href: string, page: string): string {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [path = '', heading] = href.split('#');
  const file = join(dirname(page), path).split(sep).join('/');
  const target = pageOf(file);
  const anchor = heading === undefined ? '' : `#${heading}`;
  if (target !== undefined) return `/${target}${anchor}`;
  // A file that is not there stays as it is, for VitePress to refuse.
  return existsSync(file) ? `${repository}/blob/main/${file}${anchor}` : href;
}
