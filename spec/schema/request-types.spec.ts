import fc from 'fast-check';
import type { ValidationIssue } from '../../lib/errors.js';
import { explainRequest, RequestCodec } from '../../lib/schema/request-codec.js';
import { parseFields } from '../../lib/schema/grammar.js';
import { validationIssues } from '../../lib/schema/validation-issues.js';
import { requestType } from '../../lib/schema/request-types.js';

/** What is refused of a request, in the words that the user reads. */
function issues(table: string, request: unknown): ValidationIssue[] {
  const type = requestType(parseFields(table));
  const issues = validationIssues(explainRequest(type, request), 'request');
  expect(type.is(request)).toBe(issues.length === 0);
  expect(new RequestCodec(type).decode(request)).toMatchObject(
    type.is(request) ? { right: request } : { _tag: 'Left' },
  );
  return issues;
}

const number = 'a number (a bigint beyond 2^53)';
const date = 'a Date (give it as the API writes it, such as date.toISOString())';

describe('a request', () => {
  it.each<[table: string, request: object]>([
    ['A:s', { A: '' }],
    ['A:n', { A: -1.5 }],
    ['A:n', { A: Number.MAX_SAFE_INTEGER }],
    ['A:n', { A: 2n ** 63n }],
    ['A:l', { A: 1 }],
    ['A:l', { A: 1n }],
    ['A:b', { A: false }],
    ['A:a', { A: { any: ['thing', 1n, null] } }],
    ['A:[s]', { A: [] }],
    ['A:[s]', { A: ['a', 'b'] }],
    ['A:<n>', { A: { x: 1, y: null } }],
    ['A:{B:s}', { A: {} }],
    ['A:{B:[{C:<[b]>}]}', { A: { B: [{ C: { x: [true] } }] } }],
    ['A:s!,B:s', { A: 'a', B: undefined }],
    ['A:s', { A: null }],
    ['', {}],
  ])('of the fields %s may be %p', (table, request) => {
    expect(issues(table, request)).toEqual([]);
  });

  it.each<[table: string, request: unknown, refusal: ValidationIssue]>([
    ['A:s', { A: 1 }, { path: 'A', expected: 'a string', received: 'the number 1' }],
    ['A:n', { A: '1' }, { path: 'A', expected: number, received: 'the string "1"' }],
    ['A:n', { A: NaN }, { path: 'A', expected: number, received: 'the number NaN' }],
    ['A:n', { A: Infinity }, { path: 'A', expected: number, received: 'the number Infinity' }],
    ['A:l', { A: 2 ** 53 }, { path: 'A', expected: number, received: 'the number 9007199254740992' }],
    ['A:n', { A: -1e20 }, { path: 'A', expected: number, received: 'the number -100000000000000000000' }],
    ['A:b', { A: 'true' }, { path: 'A', expected: 'a boolean', received: 'the string "true"' }],
    ['A:a', { A: () => 1 }, { path: 'A', expected: 'a JSON value', received: 'a function' }],
    ['A:a', { A: Symbol('s') }, { path: 'A', expected: 'a JSON value', received: 'a symbol' }],
    ['A:[s]', { A: 'a' }, { path: 'A', expected: 'an array', received: 'the string "a"' }],
    ['A:[s]', { A: { 0: 'a' } }, { path: 'A', expected: 'an array', received: 'an object' }],
    ['A:[s]', { A: ['a', null] }, { path: 'A[1]', expected: 'a string', received: 'nothing' }],
    ['A:[s]', { A: ['a', , 'b'] }, { path: 'A[1]', expected: 'a string', received: 'nothing' }],
    ['A:<s>', { A: ['a'] }, { path: 'A', expected: 'an object', received: 'an array of 1' }],
    ['A:<s>', { A: { x: 1 } }, { path: 'A.x', expected: 'a string', received: 'the number 1' }],
    ['A:<s>', { A: new Map([['x', 'y']]) }, { path: 'A', expected: 'an object', received: 'a Map' }],
    ['A:{B:s}', { A: new Set(['x']) }, { path: 'A', expected: 'an object', received: 'a Set' }],
    ['A:{B:s}', { A: new Date() }, { path: 'A', expected: 'an object', received: date }],
    ['A:{B:s}', { A: 'b' }, { path: 'A', expected: 'an object', received: 'the string "b"' }],
    ['A:{B:s}', { A: [] }, { path: 'A', expected: 'an object', received: 'an array of 0' }],
    ['A:s', { A: new Date() }, { path: 'A', expected: 'a string', received: date }],
    ['A:s', { A: 10n }, { path: 'A', expected: 'a string', received: 'the bigint 10' }],
    ['A:s', 'DescribeRegions', { path: 'request', expected: 'an object', received: 'the string "DescribeRegions"' }],
    ['A:s', [], { path: 'request', expected: 'an object', received: 'an array of 0' }],
    ['A:s!', {}, { path: 'A', expected: 'a string', received: 'nothing' }],
    ['A:[s]!', { A: null }, { path: 'A', expected: 'an array', received: 'nothing' }],
    ['A:{B:n!}', { A: {} }, { path: 'A.B', expected: number, received: 'nothing' }],
    [
      'Tag:[{Key:s}]',
      { Tag: [{}, { Key: 1 }] },
      { path: 'Tag[1].Key', expected: 'a string', received: 'the number 1' },
    ],
    [
      'A:{B:[<[n]>]}',
      { A: { B: [{}, { x: [1, 'two'] }] } },
      { path: 'A.B[1].x[1]', expected: number, received: 'the string "two"' },
    ],
  ])('of the fields %s is refused as %p', (table, request, refusal) => {
    expect(issues(table, request)).toEqual([refusal]);
  });

  it('is refused for all that is wrong with it at once', () => {
    const paths = issues('A:s!,B:n,C:[b]', { B: 'x', C: [true, 1, 2], D: 1 }).map(({ path }) => path);
    expect(paths).toEqual(['A', 'B', 'C[1]', 'C[2]', 'D']);
  });

  it('shows the first ten mistakes of many', () => {
    const wrong = issues('A:[s]', { A: Array.from({ length: 1000 }, (_, index) => index) });
    expect(wrong.map(({ path }) => path)).toEqual(Array.from({ length: 10 }, (_, index) => `A[${index}]`));
  });

  it('shows the beginning of a long value only', () => {
    const [refusal] = issues('A:n', { A: 'x'.repeat(10_000) });
    expect(refusal?.received).toMatch(/^the string "x{50,60}…$/);
  });
});

it('a request may be an instance of a class', () => {
  class Request {
    constructor(readonly A: string) {}
  }
  expect(issues('A:s', new Request('a'))).toEqual([]);
  expect(issues('A:n', new Request('a')).map(({ path }) => path)).toEqual(['A']);
});

describe('a field that does not exist', () => {
  const none = 'absent, as there is no such field';

  it.each([
    ['regionId', `${none} (did you mean \`RegionId\`?)`],
    ['RegionID', `${none} (did you mean \`RegionId\`?)`],
    ['region_id', `${none} (did you mean \`RegionId\`?)`],
    ['Zone', none],
    ['toString', none],
    ['constructor', none],
  ])('%s is refused', (name, expected) => {
    expect(issues('RegionId:s', { [name]: 'x' })).toEqual([{ path: name, expected, received: 'a string' }]);
  });

  it('is refused deep in the request as well', () => {
    expect(issues('Tag:[{Key:s}]', { Tag: [{ key: 'x' }] })).toEqual([
      { path: 'Tag[0].key', expected: `${none} (did you mean \`Key\`?)`, received: 'a string' },
    ]);
  });

  it('is refused where it is inherited', () => {
    expect(issues('A:s', Object.create({ B: 1 }))).toEqual([{ path: 'B', expected: none, received: 'a number' }]);
  });

  it('does no harm where it is undefined or null', () => {
    expect(issues('A:s', { B: undefined, C: null })).toEqual([]);
  });
});

describe('a secret', () => {
  it.each([
    'Password',
    'LoginPassword',
    'AdminPasswd',
    'AccessKeySecret',
    'SecurityToken',
    'PrivateKey',
    'PrivateKeyBody',
    'CredentialPayload',
    'UserData',
    'Pwd',
    'Passphrase',
    'ApiKey',
    'api_key',
    'Psk',
    'SSLPri',
    'AuthKey',
    'ServerKey',
    'PinCode',
    'ExternalId',
  ])('in a field named %s is not shown', (name) => {
    expect(issues(`"${name}":{A:s}`, { [name]: 'hunter2' })).toEqual([
      { path: name, expected: 'an object', received: 'a string' },
    ]);
    expect(issues(`"${name}":[n]`, { [name]: [1, 'hunter2'] })).toEqual([
      { path: `${name}[1]`, expected: number, received: 'a string' },
    ]);
  });

  it('in a field whose name is misspelt is not shown', () => {
    expect(JSON.stringify(issues('Password:s', { Pasword: 'hunter2' }))).not.toContain('hunter2');
  });
});

describe('a type that contains itself', () => {
  const table = '#Tree={Name:s!,Children:[$Tree],ByName:<$Tree>};Root:$Tree';

  it('accepts what fits, at any depth', () => {
    const tree = { Name: 'a', Children: [{ Name: 'b', ByName: { c: { Name: 'c', Children: [] } } }] };
    expect(issues(table, { Root: tree })).toEqual([]);
  });

  it('names the path of what does not', () => {
    const tree = { Name: 'a', Children: [{ Name: 'b', ByName: { c: { Children: [{ Name: 1 }] } } }] };
    expect(issues(table, { Root: tree }).map(({ path }) => path)).toEqual([
      'Root.Children[0].ByName.c.Name',
      'Root.Children[0].ByName.c.Children[0].Name',
    ]);
  });
});

it('explains whatever it refuses', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }), (value) => {
      const request = { A: value, B: value, C: value, D: value };
      const type = requestType(parseFields('A:[{X:s!,Y:<n>}],B:<[b]>,C:l!,D:[a]'));
      expect(validationIssues(explainRequest(type, request), 'request').length > 0).toBe(!type.is(request));
    }),
  );
});
