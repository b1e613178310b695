import { Socket } from 'node:net';
import fc from 'fast-check';
import { fromTransfer, plainSize, toTransfer } from '../../lib/bullmq/transfer.js';
import { accessKey } from '../../lib/credentials/credentials.js';

class Refused extends Error {
  constructor(
    readonly path: string,
    readonly received: string,
  ) {
    super(path);
  }
}

function sent(value: unknown, path = ''): unknown {
  const refuse = (where: string, _expected: string, received: string): never => {
    throw new Refused(where, received);
  };
  return fromTransfer(JSON.parse(JSON.stringify(toTransfer(value, path, refuse))));
}

function refusalOf(value: unknown, path?: string): Refused {
  try {
    sent(value, path);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
);
const name = fc.oneof(fc.string(), fc.constantFrom('@', '__proto__', 'constructor', 'toString', 'hasOwnProperty'));
const { plain } = fc.letrec((tie) => ({
  plain: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('plain')), fields(tie('plain'))),
}));

function fields(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.array(fc.tuple(name, value), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
}

/** What must not travel, each made anew. */
const foreign: Readonly<Record<string, () => unknown>> = {
  'a function': () => () => 1,
  'an async function': () => async () => Promise.resolve(1),
  'a class': () => class {},
  credentials: () => accessKey('id', 'secret'),
  'an interceptor': () => (next: unknown) => next,
  'a symbol': () => Symbol('s'),
  NaN: () => NaN,
  Infinity: () => -Infinity,
  'an instance': () =>
    new (class Tenant {
      readonly id = 1;
    })(),
  'a Map': () => new Map([[1, 2]]),
  'a Set': () => new Set([1]),
  'a RegExp': () => /x/,
  'an Error': () => new Error('x'),
  'a promise': () => Promise.resolve(),
  'a boxed string': () => new String('x'),
  'a boxed number': () => new Number(1),
  'an invalid Date': () => new Date(NaN),
  'a socket': () => new Socket(),
  'a web stream': () => new ReadableStream(),
  'a generator': () => [1][Symbol.iterator](),
  'a Blob': () => new Blob(['x']),
  'a Float64Array': () => new Float64Array(1),
  'a DataView': () => new DataView(new ArrayBuffer(1)),
  'a WeakMap': () => new WeakMap(),
  'an AbortSignal': () => new AbortController().signal,
  'an object with a prototype of its own': () => Object.create({ inherited: 1 }) as object,
  'an object with a field of a symbol': () => ({ [Symbol('s')]: 1 }),
  'an object that contains itself': () => {
    const self: { me?: unknown } = {};
    self.me = { self };
    return self;
  },
  'an array that contains itself': () => {
    const self: unknown[] = [];
    self.push([self]);
    return self;
  },
};

describe('what goes to another process', () => {
  it('comes out equal, where it is plain data', () => {
    fc.assert(fc.property(plain, (value) => expect(sent(value)).toEqual(value)));
  });

  it('keeps what JSON would change', () => {
    const value = { zero: -0, big: 2n ** 70n, at: new Date(5), bytes: Uint8Array.of(0, 255), holes: [undefined, 1] };
    expect(sent(value)).toStrictEqual(value);
    expect(Object.is((sent(value) as { zero: number }).zero, -0)).toBe(true);
    expect(new Uint8Array(sent(Uint8Array.of(1, 2).buffer) as ArrayBuffer)).toEqual(Uint8Array.of(1, 2));
    expect(sent(Buffer.from('é'))).toEqual(new Uint8Array(Buffer.from('é')));
    expect(sent([, 1])).toEqual([undefined, 1]);
    expect(sent({ a: undefined, b: 1 })).toStrictEqual({ b: 1 });
  });

  it('is known to travel as it is, and to be no longer in bytes, only where that is so', () => {
    fc.assert(
      fc.property(fc.oneof(plain, fc.object({ withDate: true, withBigInt: true, withSparseArray: true })), (value) => {
        const size = plainSize(value);
        const written = (): unknown =>
          toTransfer(value, '', () => {
            throw new Error('It does not travel');
          });
        if (size === undefined) return;
        expect(JSON.stringify(value)).toBe(JSON.stringify(written()));
        expect(size).toBeGreaterThanOrEqual(new TextEncoder().encode(JSON.stringify(value)).length);
      }),
    );
    const response = { list: [{ text: 'é\n', count: 1, none: null, gone: undefined }], flag: true };
    expect(plainSize(response)).toBeGreaterThan(0);
    const others = [
      -0,
      NaN,
      1n,
      [,],
      [undefined],
      { '@': ['bytes', ''] },
      { [Symbol('s')]: 1 },
      new Date(),
      new Map(),
      undefined,
    ];
    expect(others.map((value) => plainSize([value]))).toEqual(others.map(() => undefined));
    expect(Object.keys(foreign).filter((what) => plainSize([foreign[what]?.()]) !== undefined)).toEqual([]);
  });

  it('is a copy: what becomes of the original is not seen', () => {
    const original = { list: [1] };
    const copy = sent(original);
    original.list.push(2);
    expect(copy).toEqual({ list: [1] });
  });

  it('may hold one object twice', () => {
    const twice = { a: 1 };
    expect(sent([twice, { twice }])).toEqual([{ a: 1 }, { twice: { a: 1 } }]);
  });

  it.each(Object.keys(foreign))('is not %s', (what) => {
    const value = (): unknown => foreign[what]?.();
    expect(refusalOf(value(), 'tag').path).toMatch(/^tag/);
    expect(refusalOf({ Tag: [{}, { Key: value() }] }).path).toMatch(/^Tag\[1\]\.Key/);
  });

  it('is refused with the path of what stands in it, however deep', () => {
    const step = fc.oneof(
      fc.constantFrom('a', 'Tag', 'deep').map((field) => ({
        wrap: (value: unknown): unknown => ({ before: 1, [field]: value, after: [2] }),
        path: `.${field}`,
      })),
      fc.nat({ max: 3 }).map((index) => ({
        wrap: (value: unknown): unknown => [...Array.from({ length: index }, () => ({ x: 1 })), value, 'after'],
        path: `[${index}]`,
      })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.constantFrom(...Object.keys(foreign)), (steps, what) => {
        const value = steps.reduceRight((inner, { wrap }) => wrap(inner), foreign[what]?.());
        const at = `request${steps.map(({ path }) => path).join('')}`;
        expect(refusalOf(value, 'request').path.startsWith(at)).toBe(true);
      }),
    );
  });

  it('says what came, without its value', () => {
    expect(refusalOf({ wait: NaN }).received).toBe('NaN');
    expect(refusalOf({ tag: new Map([['secret', 1]]) }).received).toBe('a Map');
    expect(refusalOf({ tag: () => 'secret' }).received).toBe('a function');
  });

  it('has an end: what is nested too deep is refused, and does not overflow the stack', () => {
    const nested = (depth: number): unknown => {
      let value: unknown = 1;
      for (let i = 0; i < depth; i++) value = [value];
      return value;
    };
    expect(sent(nested(500))).toEqual(nested(500));
    expect(refusalOf(nested(501), 'x').path).toBe(`x${'[0]'.repeat(500)}`);
    expect(refusalOf(nested(100_000)).received).toBe('something deeper');
  });
});
