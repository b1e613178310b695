/** What docs/front-ends.md shows is what stands in the examples, which `npm run test:front-ends` runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync('docs/front-ends.md', 'utf8');
const shown = [...page.matchAll(/^<!-- from (.*) -->\n```\w+\n([^]*?)^```$/gm)];

describe('docs/front-ends.md', () => {
  it('says of each piece of code where it is from', () => {
    expect(shown.length).toBeGreaterThan(8);
    expect(shown).toHaveLength([...page.matchAll(/^```\w/gm)].length);
  });

  it.each(shown.map(([, file = '', code = '']) => [file, code]))('shows what stands in %s', (file, code) => {
    expect(readFileSync(join('examples/front-ends', file), 'utf8')).toContain(code);
  });
});

describe('the examples', () => {
  it.each(['react', 'vue', 'svelte', 'webpack', 'next', 'handlers'])(
    'of %s name exact versions of all but this package',
    (name) => {
      const { dependencies, devDependencies } = JSON.parse(
        readFileSync(join('examples/front-ends', name, 'package.json'), 'utf8'),
      ) as Record<string, Record<string, string>>;
      const { 'rx-alicloud': _, ...others } = { ...dependencies, ...devDependencies };
      expect(Object.values(others).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    },
  );
});
