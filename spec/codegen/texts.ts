/** What the generator writes of a small package. */
import { generate } from '../../codegen/generate.js';
import { packageOf, type Fixture } from './fixture.js';
import type { Package } from '../../codegen/read-package.js';

export function textOf(fixture: Fixture): string {
  return textOfPackage(packageOf(fixture));
}

/** Nothing of it may be refused. */
export function textOfPackage(source: Package): string {
  const { text, refused } = generate(source, { name: 'bar', product: 'Bar' });
  if (refused.length > 0) throw new Error(refused.map(({ reason }) => reason).join('\n'));
  return text;
}

/** The named declaration, up to the line that closes it. */
export function declaredIn(text: string, start: string): string {
  const from = text.indexOf(start);
  if (from < 0) throw new Error(`No ${start} in ${text}`);
  const line = text.slice(from, text.indexOf('\n', from));
  return line.endsWith(';') ? line : text.slice(from, text.indexOf('\n}', from) + 2);
}
