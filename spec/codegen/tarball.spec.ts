import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadExact } from '../../codegen/download.js';
import { readTarball } from '../../codegen/tarball.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tarball-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function packed(files: Readonly<Record<string, string>>, format: string): Buffer {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, 'package', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'package', path), text);
  }
  execFileSync('tar', [`--format=${format}`, '-czf', 'foo.tgz', 'package'], { cwd: folder });
  return readFileSync(join(folder, 'foo.tgz'));
}

describe('a tarball', () => {
  it.each(['ustar', 'pax'])('is read whole, with long paths and long files: %s', (format) => {
    const files = {
      'package.json': '{}',
      [`src/models/${'A'.repeat(90)}/${'B'.repeat(60)}.ts`]: 'ünïcode',
      'src/empty.ts': '',
      'src/client.ts': 'x'.repeat(2000),
    };
    expect(readTarball(packed(files, format))).toEqual(files);
  });

  it.each(['pax', 'gnu'])('with a path that no format has room for is read too: %s', (format) => {
    const path = `src/${'C'.repeat(200)}.ts`;
    expect(readTarball(packed({ [path]: 'long', 'src/b.ts': 'short' }, format))).toEqual({
      [path]: 'long',
      'src/b.ts': 'short',
    });
  });

  it.each(['', '<html>', 'PK'])('that is none is refused: %j', (bytes) => {
    expect(() => readTarball(Buffer.from(bytes))).toThrow('it is no tarball');
  });

  it('that is not the one that was asked for is refused', async () => {
    writeFileSync(join(folder, 'alicloud-foo-1.0.0.tgz'), 'other');
    await expect(downloadExact(folder, '@alicloud/foo', '1.0.0', 'sha512-x')).rejects.toThrow(
      /to have integrity sha512-x, got sha512-/,
    );
  });
});
