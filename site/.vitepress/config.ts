import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitepress';
import { linkFromRepository } from '../links.js';
import { foldersWithoutPages, pageOf, sidebar } from '../pages.js';
import { repository } from '../repository.js';

interface Package {
  readonly description: string;
  readonly imports: Readonly<Record<string, { readonly default: { readonly import: string } }>>;
}

const { description, imports } = JSON.parse(readFileSync('package.json', 'utf8')) as Package;

/** What the package's `imports` give to browsers, from its source. */
const sources = Object.entries(imports).map(([find, target]) => ({
  find,
  replacement: resolve(target.default.import.replace(/^\.\/dist/, 'lib').replace(/\.js$/, '.ts')),
}));

/** What browsers of the last years know. Vite's own default asks esbuild for what it does not do for Safari 14. */
const target = 'es2022';

/** Two marbles on a line. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M1 16h30" stroke="#777" stroke-width="2"/>
<circle cx="10" cy="16" r="8" fill="#f5b5c4" stroke="#c2206f" stroke-width="2"/><circle cx="23" cy="16" r="6" fill="#a8d5f7" stroke="#1b6ca8" stroke-width="2"/></svg>`;

export default defineConfig({
  title: 'rx-alicloud',
  description,
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  base: process.env.SITE_BASE ?? '/',
  // All pages stand where they are read in the repository, too.
  srcDir: '..',
  srcExclude: [...foldersWithoutPages(), 'site/reference.md'],
  rewrites: (file) => pageOf(file) ?? file,
  outDir: '../.cache/site',
  cacheDir: '../.cache/vitepress',
  cleanUrls: true,
  markdown: { config: linkFromRepository, image: { lazyLoading: true } },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: '/start' },
      { text: 'API', link: '/api/' },
      { text: 'Changelog', link: '/changelog' },
      // No icon for it: VitePress' own asks a server for them while a page is written.
      { text: 'Repository', link: repository },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    footer: { message: 'Apache-2.0. Not affiliated with Alibaba Cloud.' },
  },
  vite: {
    resolve: {
      alias: [...sources, { find: /^.*\/services\/catalog\.js$/, replacement: resolve('site/live/catalog.ts') }],
    },
    optimizeDeps: { esbuildOptions: { target } },
    // The index of the search is larger than Vite's 500 kB, and loaded with the first search.
    build: { target, assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
  },
});
