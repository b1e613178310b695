import { OpenApiUtil } from '@alicloud/openapi-core';
import { Request } from '@darabonba/typescript';
import fc from 'fast-check';
import { signRoaV1, signRpcV1 } from '../../lib/signature/v1.js';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,12}$/),
  fc.constantFrom('a b', "!'()*", 'é', 'Tag.1.Key'),
);
const parameters = fc.array(fc.tuple(name, text)).map((pairs) => new Map(pairs));
const headerName = fc.oneof(
  fc.constantFrom('content-md5', 'content-type', 'date', 'host', 'x-acs-action', 'x-acs', 'x-acs-', 'user-agent'),
  fc.stringMatching(/^x-acs-[a-z0-9-]{1,12}$/),
);
/** The official signer takes any white space at the ends of a value, and these within. */
const headerValue = fc.oneof(text, fc.constantFrom(' a ', 'a\tb', 'a\r\nb', '\f', ''));
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE');

describe('signRpcV1', () => {
  it('gives the signature of the official SDK', () => {
    fc.assert(
      fc.property(method, parameters, fc.string(), (verb, given, secret) => {
        expect(signRpcV1(verb, given, secret)).toBe(
          OpenApiUtil.getRPCSignature(Object.fromEntries(given), verb, secret),
        );
      }),
    );
  });

  it('gives the published signature', () => {
    const given = new Map([
      ['Timestamp', '2016-02-23T12:46:24Z'],
      ['Format', 'XML'],
      ['AccessKeyId', 'testid'],
      ['Action', 'DescribeRegions'],
      ['SignatureMethod', 'HMAC-SHA1'],
      ['SignatureNonce', '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf'],
      ['Version', '2014-05-26'],
      ['SignatureVersion', '1.0'],
    ]);
    expect(signRpcV1('GET', given, 'testsecret')).toBe('OLeaidS1JvxuMvnyHOwuJ+uX5qY=');
  });
});

describe('signRoaV1', () => {
  it('gives the signature of the official SDK', () => {
    const headers = fc
      .dictionary(headerName, headerValue, { noNullPrototype: true })
      .map((given) => ({ accept: 'application/json', ...given }));
    const path = fc.array(text.map(encodeURIComponent)).map((segments) => `/${segments.join('/')}`);
    fc.assert(
      fc.property(method, path, parameters, headers, fc.string(), (verb, pathname, query, given, secret) => {
        const official = new Request();
        Object.assign(official, { method: verb, pathname, query: Object.fromEntries(query), headers: given });
        expect(signRoaV1({ method: verb, path: pathname, query, headers: given }, secret)).toBe(
          OpenApiUtil.getROASignature(OpenApiUtil.getStringToSign(official), secret),
        );
      }),
    );
  });

  it('changes with the secret, and with each part', () => {
    const request = { method: 'GET', path: '/a', query: new Map([['b', 'c']]), headers: { date: 'd', 'x-acs-e': 'f' } };
    const variants = [
      signRoaV1(request, 'secret'),
      signRoaV1(request, 'other'),
      signRoaV1({ ...request, method: 'POST' }, 'secret'),
      signRoaV1({ ...request, path: '/b' }, 'secret'),
      signRoaV1({ ...request, query: new Map() }, 'secret'),
      signRoaV1({ ...request, headers: { ...request.headers, date: 'e' } }, 'secret'),
      signRoaV1({ ...request, headers: { ...request.headers, 'x-acs-e': 'g' } }, 'secret'),
    ];
    expect(new Set(variants).size).toBe(variants.length);
  });
});
