import { writeExports } from '../../codegen/write-exports.js';

const target = (path: string): object => ({ import: `./dist/${path}.js`, require: `./dist/${path}.cjs` });

describe('the subpaths', () => {
  it('are those of the products, after the root; the others stay', () => {
    const exports = {
      '.': target('index'),
      './ecs': target('ecs'),
      './old': target('services/old'),
      './testing': target('testing'),
      './package.json': './package.json',
    };
    const written = writeExports(JSON.stringify({ name: 'foo', exports, files: ['dist'] }), ['ecs', 'fc-20210406']);
    expect(written.endsWith('}\n')).toBe(true);
    const manifest = JSON.parse(written) as { exports: object };
    expect(Object.keys(manifest)).toEqual(['name', 'exports', 'files']);
    expect(Object.entries(manifest.exports)).toEqual([
      ['.', target('index')],
      ['./ecs', target('services/ecs')],
      ['./fc-20210406', target('services/fc-20210406')],
      ['./testing', target('testing')],
      ['./package.json', './package.json'],
    ]);
    expect(writeExports(written, ['ecs', 'fc-20210406'])).toBe(written);
  });
});
