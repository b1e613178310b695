/** What the pages say of options and codes is what their doc comments say, and what those say of defaults is true. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { retryDefaults } from '../../lib/retry/settings.js';
import { defaults } from '../../lib/settings.js';
import { rowsOf } from './tables.js';

function check(...pages: string[]): { readonly status: number | null; readonly output: string } {
  const script = ['scripts/option-tables.mjs', '--check', ...pages];
  const { status, stdout, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('the tables on the pages', () => {
  it('are those of the doc comments, and none of their options is left out', () => {
    expect(check()).toEqual({ status: 0, output: '' });
  });

  describe('are found out', () => {
    let folder: string;
    beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'tables-'))));
    afterAll(() => rmSync(folder, { recursive: true }));

    it.each([
      [
        'where a default differs',
        (text: string) => text.replace('`5000`', '`6000`'),
        'is not what the doc comments say',
      ],
      ['where an option is missing', (text: string) => text.replace(/^\| `idleTimeout`.*\n/m, ''), 'is not what'],
      [
        'where there is no such option',
        (text: string) => text.replace(' idleTimeout ', ' idleTime '),
        'no option idleTime',
      ],
    ])('%s', (_what, edit, complaint) => {
      const page = join(folder, 'page.md');
      const text = readFileSync('docs/configuration.md', 'utf8');
      writeFileSync(page, edit(text));
      expect(edit(text)).not.toBe(text);
      expect(check(page)).toEqual({ status: 1, output: expect.stringContaining(complaint) as string });
    });
  });
});

describe('the defaults in the doc comments', () => {
  // Those of a call stand in place of the client's.
  const [ofClients = ''] = readFileSync('docs/configuration.md', 'utf8').split('## For one call');
  const rows = new Map(rowsOf(ofClients).map(([name = '', , fallback = '']) => [name, fallback]));
  const inCode = [
    ...Object.entries(defaults),
    ...Object.entries(retryDefaults).map(([name, value]) => [`retry.${name}`, value] as const),
  ];

  it.each(inCode)('of %s is what it is in the code', (name, value) => {
    const written = typeof value === 'string' ? `'${value}'` : String(value);
    expect(rows.get(`\`${name}\``)?.replace(/^(`[^`]*`).*/, '$1')).toBe(`\`${written}\``);
  });

  it('of numbers come with their unit', () => {
    const numbers = rowsOf(ofClients).filter(([, , fallback = '']) => /^`\d+`/.test(fallback));
    expect(numbers.length).toBeGreaterThan(10);
    const units = /\bin milliseconds, >= \d|\ban integer >= \d/;
    expect(numbers.filter(([, what = '']) => !units.test(what)).map(([name]) => name)).toEqual([]);
  });
});

it('name each code of the errors of this side once, in the README', () => {
  const declared = /export type ClientErrorCode =([^;]*);/.exec(readFileSync('lib/errors.ts', 'utf8'))?.[1] ?? '';
  const codes = [...declared.matchAll(/'(SDK\.\w+)'/g)].map(([, code]) => `\`${code}\``);
  const listed = rowsOf(readFileSync('README.md', 'utf8')).flatMap(([first = '']) =>
    first.startsWith('`SDK.') ? [first] : [],
  );
  expect(codes.length).toBeGreaterThan(10);
  expect(listed).toEqual(codes);
});
