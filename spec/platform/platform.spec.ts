import { expectTypeOf } from 'expect-type';
import fc from 'fast-check';
import * as browserPlatform from '../../lib/platform/browser.js';
import * as nodePlatform from '../../lib/platform/node.js';
import * as browserSha1 from '../../lib/platform/sha1-browser.js';
import * as nodeSha1 from '../../lib/platform/sha1-node.js';
import * as browserSha256 from '../../lib/platform/sha256-browser.js';
import * as nodeSha256 from '../../lib/platform/sha256-node.js';

const browser = { ...browserPlatform, ...browserSha1, ...browserSha256 };
const node = { ...nodePlatform, ...nodeSha1, ...nodeSha256 };

const text = fc.string({ unit: 'binary', maxLength: 200 });
const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the two platforms', () => {
  it('export the same names, of the same types', () => {
    // Node's scope is more than is needed of it.
    expectTypeOf<Omit<typeof browser, 'AsyncScope'>>().toEqualTypeOf<Omit<typeof node, 'AsyncScope'>>();
    expectTypeOf(new node.AsyncScope()).toExtend<InstanceType<typeof browser.AsyncScope>>();
    expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
  });

  it('hash text alike', () => {
    fc.assert(fc.property(text, (data) => browser.sha256Hex(data) === node.sha256Hex(data)));
  });

  it('hash bytes alike', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => browser.sha256Hex(data) === node.sha256Hex(data)),
    );
  });

  it('hash with MD5 alike', () => {
    fc.assert(fc.property(text, (data) => browser.md5Base64(data) === node.md5Base64(data)));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => browser.md5Base64(data) === node.md5Base64(data)),
    );
  });

  it('sign alike, with keys longer than a block too', () => {
    fc.assert(
      fc.property(text, text, (key, data) => {
        expect(browser.hmacSha256Hex(key, data)).toBe(node.hmacSha256Hex(key, data));
        expect(browser.hmacSha1Base64(key, data)).toBe(node.hmacSha1Base64(key, data));
      }),
    );
  });

  it('hash text alike where there is no TextEncoder', () => {
    const { TextEncoder } = globalThis;
    Reflect.deleteProperty(globalThis, 'TextEncoder');
    try {
      fc.assert(
        fc.property(text, text, (key, data) => {
          expect(browser.sha256Hex(data)).toBe(node.sha256Hex(data));
          expect(browser.hmacSha1Base64(key, data)).toBe(node.hmacSha1Base64(key, data));
        }),
        { examples: [['é', '\ud800 杭州 %41 💥 \udfff']] },
      );
    } finally {
      Object.assign(globalThis, { TextEncoder });
    }
  });

  it.each([
    ['nothing', ''],
    ['Chinese', '杭州'],
    ['an emoji', '☁️🚀'],
    ['half of a surrogate pair', 'a\ud800b'],
  ])('treat %s alike', (_what, data) => {
    expect(browser.sha256Hex(data)).toBe(node.sha256Hex(data));
    expect(browser.hmacSha256Hex(data, data)).toBe(node.hmacSha256Hex(data, data));
    expect(browser.hmacSha1Base64(data, data)).toBe(node.hmacSha1Base64(data, data));
  });
});

describe.each([
  ['node', node],
  ['browser', browser],
])('%s', (_name, platform) => {
  it('knows the published digests', () => {
    expect(platform.sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(platform.sha256Hex(new Uint8Array())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    // RFC 4231, test case 2.
    expect(platform.hmacSha256Hex('Jefe', 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('knows the older published digest', () => {
    // RFC 2202, test case 2.
    expect(platform.hmacSha1Base64('Jefe', 'what do ya want for nothing?')).toBe('7/zfauXrL6LSdBbV8YTfnCWafHk=');
  });

  it('makes UUIDs of version 4, each one new', () => {
    const uuids = Array.from({ length: 1000 }, () => platform.randomUUID());
    expect(uuids.filter((uuid) => !uuidV4.test(uuid))).toEqual([]);
    expect(new Set(uuids).size).toBe(uuids.length);
  });
});

describe('browser, on a page that is not a secure context', () => {
  beforeEach(() => Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true }));
  afterEach(() => Reflect.deleteProperty(crypto, 'randomUUID'));

  it('makes UUIDs of version 4 all the same', () => {
    expect(Reflect.get(crypto, 'randomUUID')).toBeUndefined();
    const uuids = Array.from({ length: 1000 }, () => browser.randomUUID());
    expect(uuids.filter((uuid) => !uuidV4.test(uuid))).toEqual([]);
    expect(new Set(uuids).size).toBe(uuids.length);
  });
});
