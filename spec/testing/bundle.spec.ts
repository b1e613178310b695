import { browserBundleOf } from '../browser-bundle.js';

describe('a bundle of the emulator for a browser', () => {
  it('needs nothing of Node, and gives no warning', async () => {
    const { warnings, builtins } = await browserBundleOf('lib/testing/index.ts');
    expect(warnings).toEqual([]);
    expect(builtins).toEqual([]);
  });
});
