import { ConfigurationError } from '../../errors.js';

/**
 * Browsers drop some headers of a page's without a word (`date`, `host`, `cookie`, …), and the server would complain of what is
 * missing. Which, the platform itself is asked: not each of them is a browser.
 *
 * @throws ConfigurationError where one would be.
 */
export function refuseDropped(headers: readonly [name: string, value: string][]): void {
  const { Request: OfPlatform } = globalThis as { readonly Request?: typeof Request };
  const kept = OfPlatform && new OfPlatform('data:,', { headers: [...headers] }).headers;
  const dropped = headers.find(([name]) => kept?.has(name) === false)?.[0];
  if (dropped === undefined) return;
  const hint = dropped === 'date' ? ', which V1 signs in ROA calls: use V3' : '';
  const received = `one that browsers drop${hint}`;
  throw new ConfigurationError({ path: `headers.${dropped}`, expected: 'a header that a page may send', received });
}
