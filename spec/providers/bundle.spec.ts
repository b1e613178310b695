import { browserBundleOf } from '../browser-bundle.js';

describe('a bundle of the providers for a browser', () => {
  it('needs nothing of Node, and gives no warning', async () => {
    const { warnings, builtins } = await browserBundleOf('lib/providers/index.ts');
    expect(warnings).toEqual([]);
    expect(builtins).toEqual([]);
  });
});
