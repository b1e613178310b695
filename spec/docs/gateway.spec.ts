/** docs/gateway.md: its flags are the program's, its attacks those of the specs. */
import { readFileSync } from 'node:fs';
import { createProgram } from '../../lib/command-line.js';
import { addGateway } from '../../lib/gateway/command.js';
import { attacks } from '../gateway/attacks.js';
import { withAttackTable } from '../gateway/attack-table.js';

const page = readFileSync('docs/gateway.md', 'utf8');

it('lists every option of the program as it is', () => {
  const terminal = { print: () => undefined, printError: () => undefined, interrupted: Promise.resolve() };
  const { options } = addGateway(createProgram(terminal), terminal);
  const rows = options.map(({ flags, envVar, description, defaultValue }) => {
    const value = typeof defaultValue === 'string' || typeof defaultValue === 'number' ? defaultValue : 'none';
    return `| \`${flags}\` | \`${envVar}\` | ${description} | ${value} |\n`;
  });
  expect(page).toContain(`| --- | --- | --- | --- |\n${rows.join('')}\n`);
});

it('lists the attacks as they are: `npm run docs:attacks` would change nothing', () => {
  expect(attacks.length).toBeGreaterThan(100);
  expect(page).toBe(withAttackTable(page));
  expect(page).toContain('| The operation | one that is not on the list |');
});
