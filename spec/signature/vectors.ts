/** What the signers are tried with, and the signatures that the official SDK gives. */
import { OpenApiUtil } from '@alicloud/openapi-core';
import { Request } from '@darabonba/typescript';
import fc from 'fast-check';
import { sha256Hex } from '#sha256';
import { canonicalQuery } from '../../lib/codec/percent-encode.js';
import type { SignableRoaRequest } from '../../lib/signature/v1.js';
import type { SignableRequest, SigningKey } from '../../lib/signature/v3.js';

const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE');
const grapheme = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: 'grapheme', maxLength });
const pathOf = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(text.map(encodeURIComponent)).map((segments) => `/${segments.join('/')}`);

export interface V3Vector {
  readonly request: SignableRequest;
  readonly key: SigningKey;
  readonly query: Readonly<Record<string, string>>;
}

const textV3 = fc.oneof(fc.string(), grapheme(8));
/** The official signer does not encode names, which the published rules ask for; names in use need no encoding. */
const parameterName = fc.stringMatching(/^[A-Za-z0-9._~-]{1,12}$/);
const headerName = fc.oneof(
  fc.constantFrom('host', 'content-type', 'accept', 'user-agent', 'x-acs-date', 'x-acs', 'x-acs-', 'x-acs-action'),
  fc.stringMatching(/^x-acs-[a-z0-9-]{1,12}$/),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
);

export const v3Vectors: fc.Arbitrary<V3Vector> = fc
  .record({
    method,
    path: pathOf(textV3),
    query: fc.array(fc.tuple(parameterName, textV3)).map((parameters) => new Map(parameters)),
    headers: fc.dictionary(headerName, textV3, { noNullPrototype: true }),
    bodyHash: textV3.map(sha256Hex),
    accessKeyId: fc.string({ minLength: 1 }),
    accessKeySecret: fc.string({ minLength: 1 }),
  })
  .map(({ query, accessKeyId, accessKeySecret, ...signable }) => ({
    request: { ...signable, query: canonicalQuery(query) },
    key: { accessKeyId, accessKeySecret },
    query: Object.fromEntries(query),
  }));

export function officialV3({ request, key, query }: V3Vector): string {
  const { method: verb, path: pathname, headers, bodyHash } = request;
  const official = new Request();
  Object.assign(official, { method: verb, pathname, query, headers });
  const { accessKeyId, accessKeySecret } = key;
  return OpenApiUtil.getAuthorization(official, 'ACS3-HMAC-SHA256', bodyHash, accessKeyId, accessKeySecret);
}

/** Names and values, no name twice. */
type Pairs = readonly (readonly [name: string, value: string])[];

export interface RpcV1Vector {
  readonly method: string;
  readonly parameters: Pairs;
  readonly secret: string;
}

const textV1 = grapheme(20);
const nameV1 = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,12}$/),
  fc.constantFrom('a b', "!'()*", 'é', 'Tag.1.Key'),
);
const parametersV1: fc.Arbitrary<Pairs> = fc.array(fc.tuple(nameV1, textV1)).map((pairs) => [...new Map(pairs)]);

export const rpcV1Vectors: fc.Arbitrary<RpcV1Vector> = fc.record({
  method,
  parameters: parametersV1,
  secret: fc.string(),
});

export function officialRpcV1({ method: verb, parameters, secret }: RpcV1Vector): string {
  return OpenApiUtil.getRPCSignature(Object.fromEntries(parameters), verb, secret);
}

/** That of the published description of the signature. */
export const publishedRpcV1: RpcV1Vector & { readonly signature: string } = {
  method: 'GET',
  parameters: [
    ['Timestamp', '2016-02-23T12:46:24Z'],
    ['Format', 'XML'],
    ['AccessKeyId', 'testid'],
    ['Action', 'DescribeRegions'],
    ['SignatureMethod', 'HMAC-SHA1'],
    ['SignatureNonce', '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf'],
    ['Version', '2014-05-26'],
    ['SignatureVersion', '1.0'],
  ],
  secret: 'testsecret',
  signature: 'OLeaidS1JvxuMvnyHOwuJ+uX5qY=',
};

export interface RoaV1Vector {
  readonly request: Omit<SignableRoaRequest, 'query'> & { readonly query: Pairs };
  readonly secret: string;
}

const headerNameV1 = fc.oneof(
  fc.constantFrom('content-md5', 'content-type', 'date', 'host', 'x-acs-action', 'x-acs', 'x-acs-', 'user-agent'),
  fc.stringMatching(/^x-acs-[a-z0-9-]{1,12}$/),
);
/** The official signer takes any white space at the ends of a value, and these within. */
const headerValueV1 = fc.oneof(textV1, fc.constantFrom(' a ', 'a\tb', 'a\r\nb', '\f', ''));

export const roaV1Vectors: fc.Arbitrary<RoaV1Vector> = fc.record({
  request: fc.record({
    method,
    path: pathOf(textV1),
    query: parametersV1,
    headers: fc
      .dictionary(headerNameV1, headerValueV1, { noNullPrototype: true })
      .map((given) => ({ accept: 'application/json', ...given })),
  }),
  secret: fc.string(),
});

export function officialRoaV1({ request, secret }: RoaV1Vector): string {
  const { method: verb, path: pathname, query, headers } = request;
  const official = new Request();
  Object.assign(official, { method: verb, pathname, query: Object.fromEntries(query), headers });
  return OpenApiUtil.getROASignature(OpenApiUtil.getStringToSign(official), secret);
}
