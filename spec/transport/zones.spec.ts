/** Under Zone.js, which frameworks ask whether a page is rendered: it is when its calls have ended. */
import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

describe('a page in a zone', () => {
  let result: Readonly<Record<string, unknown>>;

  beforeAll(() => {
    const outfile = '.cache/zone-page.mjs';
    const entry = join(__dirname, 'zone-page.ts');
    buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
    result = JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' })) as typeof result;
  });

  it('is rendered as soon as its call has ended, whatever keeps the connection', () => {
    expect(result.first).toEqual(['next in page', 'complete in page']);
  });

  it('is so over a connection that another page has opened', () => {
    expect(result.second).toEqual(['next in page', 'complete in page']);
    expect(result.connections).toBe(1);
  });

  it('is so, and its process ends, while the stats are watched', () => {
    expect(result.watched).toEqual(['complete in page']);
  });

  it('waits for a call that is in flight', () => {
    expect(result.wasStable).toBe(false);
    expect(result.third).toEqual(['next in page', 'complete in page']);
  });
});
