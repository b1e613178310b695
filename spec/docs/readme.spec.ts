/** What the pages and the doc comments say stays true: their code compiles, and their links lead somewhere. */
import { readdirSync } from 'node:fs';
import { examples } from './examples.js';
import { brokenLinks } from './links.js';
import { complaintsAbout, snippetsOf, type Snippet } from './snippets.js';

const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
// The code on that page shows how the insides look.
const snippets = pages.filter((page) => page !== 'docs/architecture.md').flatMap(snippetsOf);

/** A whole program, marked `js run`, is also run, by the specs of the package. */
function isCompiled({ language }: Snippet): boolean {
  return language === 'ts compile' || language === 'js run';
}

/** A file of the cookbook, in JavaScript; its own spec runs it. */
function isProgram({ language }: Snippet): boolean {
  return language === 'js program';
}

describe('the code on the pages', () => {
  it('is marked to be compiled', () => {
    const unmarked = snippets.filter(
      (snippet) => /^[jt]s\b/.test(snippet.language) && !isCompiled(snippet) && !isProgram(snippet),
    );
    expect(unmarked.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });

  it('compiles', () => {
    const marked = snippets.filter(isCompiled);
    expect(new Set(marked.map(({ page }) => page)).size).toBeGreaterThan(4);
    expect(complaintsAbout(marked)).toEqual([]);
  });

  it('compiles in the examples of doc comments, too', () => {
    const found = examples();
    expect(new Set(found.map(({ page }) => page)).size).toBeGreaterThan(4);
    expect(complaintsAbout(found)).toEqual([]);
  });

  it('compiles in the programs of the cookbook, as far as JavaScript has types', () => {
    const programs = snippets.filter(isProgram);
    // Of no program another one's imports.
    const alone = programs.map((program) => ({ ...program, page: `${program.page}:${program.line}` }));
    expect(alone.length).toBeGreaterThanOrEqual(12);
    expect(complaintsAbout(alone, { strict: false, exactOptionalPropertyTypes: false })).toEqual([]);
  });

  it('is really compiled', () => {
    const wrong = {
      page: 'a page',
      line: 10,
      language: 'ts compile',
      code: 'client.describeRegions(…);\nclient.fly();',
    };
    expect(complaintsAbout([wrong])).toEqual([expect.stringMatching(/^a page:12: Property 'fly' does not exist/)]);
  });
});

describe('the links on the pages', () => {
  it.each(pages)('of %s lead somewhere', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
});
