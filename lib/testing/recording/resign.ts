/** Makes of a request that a client has signed for an emulator one that is signed for the service. */
import { randomUUID } from '#platform';
import { hmacSha256Hex, sha256Hex } from '#sha256';
import { canonicalQuery } from '../../codec/percent-encode.js';
import type { AccessKeyCredentials } from '../../credentials/credentials.js';
import { signRoaV1, signRpcV1 } from '../../signature/v1.js';
import { authorizationV3, canonicalV3, signableHeaders, stringToSignV3 } from '../../signature/v3.js';
import type { HttpRequest } from '../../transport/transport.js';
import type { CommonParameters } from '../common-parameters.js';
import { parameter, type ParsedRequest } from '../wire.js';

/** The same operation with the same parameters, at `origin`; signed in the same way. */
export function resigned(
  request: ParsedRequest,
  protocol: NonNullable<CommonParameters['signature']>,
  credentials: AccessKeyCredentials,
  origin: string,
): HttpRequest {
  const headers = headersOf(request);
  const { method, path, query, body } = request;
  const sent = { method, ...(body.length === 0 ? {} : { body }), responseType: 'bytes' } as const;
  const url = (parameters: ReadonlyMap<string, string>): string => {
    const written = canonicalQuery(parameters);
    return `${origin}${path}${written === '' ? '' : `?${written}`}`;
  };
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const nonce = randomUUID();
  const timestamp = `${new Date().toISOString().slice(0, 19)}Z`;

  if (protocol === 'RPC V1') {
    const parameters = new Map([
      ...query.filter(([name]) => !ofRpcSignature.test(name)),
      ...Object.entries({ SignatureMethod: 'HMAC-SHA1', SignatureVersion: '1.0', SignatureNonce: nonce }),
      ...Object.entries({ Timestamp: timestamp, AccessKeyId: accessKeyId }),
      ...(securityToken === undefined ? [] : [['SecurityToken', securityToken] as const]),
    ]);
    const form = request.form().filter(([name]) => !ofRpcSignature.test(name));
    parameters.set('Signature', signRpcV1(method, new Map([...parameters, ...form]), accessKeySecret));
    const body = request.hasForm ? { body: canonicalQuery(new Map(form)) } : {};
    return { ...sent, ...body, url: url(parameters), headers };
  }

  const token = securityToken === undefined ? {} : { 'x-acs-security-token': securityToken };
  const parameters = new Map(query);
  if (protocol === 'ROA V1') {
    const signable = {
      ...headers,
      ...token,
      date: new Date().toUTCString(),
      'x-acs-signature-nonce': nonce,
      'x-acs-signature-method': 'HMAC-SHA1',
      'x-acs-signature-version': '1.0',
    };
    const signature = signRoaV1({ method, path, query: parameters, headers: signable }, accessKeySecret);
    return {
      ...sent,
      url: url(parameters),
      headers: { ...signable, authorization: `acs ${accessKeyId}:${signature}` },
    };
  }
  const bodyHash = sha256Hex(body);
  const signable = {
    ...headers,
    ...token,
    ...(securityToken === undefined ? {} : { 'x-acs-accesskey-id': accessKeyId }),
    'x-acs-date': timestamp,
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': bodyHash,
  };
  const host = origin.slice(origin.indexOf('//') + 2);
  const written = canonicalQuery(parameters);
  const canonical = { method, path, query: written, headers: { ...signable, host }, bodyHash };
  const lines = signableHeaders(canonical.headers);
  const signature = hmacSha256Hex(accessKeySecret, stringToSignV3(sha256Hex(canonicalV3(canonical, lines))));
  const authorization = authorizationV3(credentials, lines.names, signature);
  return { ...sent, url: url(parameters), headers: { ...signable, authorization } };
}

/** What is not signed goes on without the caller's connection. */
export function unsigned(request: ParsedRequest, origin: string): HttpRequest {
  const { method, target, body } = request;
  const sent = { method, ...(body.length === 0 ? {} : { body }), responseType: 'bytes' } as const;
  return { ...sent, url: `${origin}${target}`, headers: headersOf(request) };
}

const ofRpcSignature = /^(?:Signature(?:Method|Version|Nonce|Type)?|Timestamp|AccessKeyId|SecurityToken)$/;
const ofConnection =
  /^(?:host|connection|content-length|transfer-encoding|accept-encoding|expect|authorization|date|x-acs-(?:date|signature-.*|content-sha256|accesskey-id|security-token|credentials-provider))$/;

function headersOf({ headers }: ParsedRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.test(name)));
}

/** The region that a request names. */
export function regionOf(request: ParsedRequest): string | undefined {
  return (
    parameter(request.query, 'RegionId') ??
    parameter(request.form(), 'RegionId') ??
    /"RegionId"\s*:\s*"([\w-]+)"/.exec(request.text())?.[1]
  );
}
