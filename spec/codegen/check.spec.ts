import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAll, reportOf, totalOf } from '../../codegen/check.js';
import { packageOf, type Fixture } from './fixture.js';

describe('a check of a folder of packages', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rx-alicloud-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (name: string, fixture: Fixture): void => {
    const { client, models } = packageOf(fixture);
    mkdirSync(join(folder, name, 'src/models'), { recursive: true });
    writeFileSync(join(folder, name, 'package.json'), JSON.stringify({ name: `@alicloud/${name}`, version: '1.0.0' }));
    writeFileSync(join(folder, name, 'src/client.ts'), client.text);
    writeFileSync(join(folder, name, 'src/models/all.ts'), models[0]?.text ?? '');
  };
  const extra = `
  async bar(): Promise<$_model.FooResponse> {
    return guess();
  }`;

  it('says what is left out and why, of packages and of operations, and counts', () => {
    put('foo20200101', {});
    put('half', { extra });
    put('own', { imports: `import GatewayClient from '@alicloud/gateway-own';` });
    mkdirSync(join(folder, 'no-package'));
    const all = [...checkAll(folder)];
    expect(all.map(({ name, operations }) => [name, operations])).toEqual([
      ['foo20200101', 1],
      ['half', 1],
      ['own', 0],
    ]);
    expect(all.flatMap(reportOf)).toEqual([
      'half: 1 operations, 1 refused',
      expect.stringMatching(/^ {2}left out bar: @alicloud\/half\/src\/client\.ts:\d+: not a known .*guess\(\);$/),
      expect.stringMatching(/^own: refused: .*a gateway of its own, @alicloud\/gateway-own/),
    ]);
    expect(totalOf(all)).toBe('packages 3, operations 2, refused 2');
  });

  it('tells of a fault of the generator itself', () => {
    put('foo', {});
    writeFileSync(join(folder, 'foo/package.json'), 'no JSON');
    const all = [...checkAll(folder)];
    expect(all[0]?.fault).toContain('JSON');
    expect(all.flatMap(reportOf)[0]).toMatch(/^foo: fault: /);
  });
});
