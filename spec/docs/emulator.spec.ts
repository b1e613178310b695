/** The table of the emulator's options is what the program itself says of them. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addFlags } from '../../lib/testing/flags.js';
import { environmentOf } from '../../lib/testing/command.js';

const page = readFileSync('docs/emulator.md', 'utf8');

it('the page on the emulator has each option, and no other', () => {
  const rows = addFlags(new Command(), 8080).options.map(
    ({ flags, envVar, description, defaultValue }) =>
      `| \`${flags}\` | \`${envVar}\` | ${description} | ${defaultValue === undefined ? 'none' : String(defaultValue)} |`,
  );
  expect(page.split('\n').filter((line) => line.startsWith('| `--'))).toEqual(rows);
});

it('the page on the emulator has each variable that a command finds', () => {
  const credentials = { accessKeyId: 'a', accessKeySecret: 'b', securityToken: 'c' };
  const names = Object.keys(environmentOf('http://127.0.0.1:1', credentials));
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
