/** What the pages of Cloud Explorer show as their code is their code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { snippets } from '../../examples/angular/src/app/snippets.js';

it.each(Object.entries(snippets))('%s stands in the file that it names', (_name, { file, code }) => {
  const source = readFileSync(join('examples/angular', file), 'utf8').replace(/\s+/g, ' ');
  const lines = code.split('\n').filter((line) => !line.trim().startsWith('//'));
  expect(lines.filter((line) => !source.includes(line.trim().replace(/\s+/g, ' ')))).toEqual([]);
  expect(lines.length).toBeGreaterThan(0);
});
