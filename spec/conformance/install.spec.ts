import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, overrides } from './install.js';

const wanted = { package: '@alicloud/sts20150401', version: '1.2.0', integrity: 'sha512-right' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'install-'));
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: {}, overrides }));
});
afterEach(() => rmSync(folder, { recursive: true }));

function isInstalled(version: string, integrity: string): void {
  const packages = { [`node_modules/${wanted.package}`]: { version, integrity } };
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

it('installs nothing where all is there', () => {
  isInstalled('1.2.0', 'sha512-right');
  const before = readFileSync(join(folder, 'package.json'), 'utf8');
  expect(install([wanted], folder)).toEqual([]);
  expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(before);
});

it('refuses a package that is not the one that was asked for', () => {
  isInstalled('1.2.0', 'sha512-wrong');
  expect(() => install([wanted], folder)).toThrow(
    'Expected @alicloud/sts20150401 1.2.0 with the hash sha512-right, got 1.2.0 with sha512-wrong',
  );
});
