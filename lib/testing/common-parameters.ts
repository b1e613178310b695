/**
 * What a request says of itself: the operation, when it was made, what makes it unique, on whose behalf it is. Each
 * protocol says it in a place of its own, and it is read where that protocol signs it, so that what is executed is what
 * was verified: a header beside a signed query counts for nothing.
 */
import { apiError, missingParameter } from './api-error.js';
import { parameter, rpcParameters, type Parameter, type ParsedRequest } from './wire.js';

export interface CommonParameters {
  /** How the request is signed; absent: not at all. */
  readonly signature: 'V3' | 'RPC V1' | 'ROA V1' | undefined;
  /** Throws as the service refuses where it is missing. */
  action(): string;
  /** Throws where it is missing. */
  version(): string;
  /** In ms. Throws where it is missing or no time. */
  time(): number;
  /** Throws where it is missing. */
  nonce(): string;
  /** The security token, and how an error calls it. */
  readonly token: { readonly name: string; readonly value: string | undefined };
  readonly bearerToken: string | undefined;
  readonly signatureType: string | undefined;
}

export const v3Scheme = 'ACS3-HMAC-SHA256';
export const roaV1Scheme = 'acs ';

export function commonParametersOf(request: ParsedRequest): CommonParameters {
  const { authorization = '', 'x-acs-action': action } = request.headers;
  if (authorization.startsWith(v3Scheme)) return inHeaders(request, 'V3');
  if (authorization.startsWith(roaV1Scheme)) return inHeaders(request, 'ROA V1');
  const parameters = rpcParameters(request);
  const isGiven = (name: string): boolean => parameter(parameters, name) !== undefined;
  if (isGiven('Signature') || isGiven('SignatureMethod')) return inParameters(parameters, 'RPC V1');
  if (isGiven('BearerToken')) return inParameters(parameters, undefined);
  const isAddressed = action === undefined && isGiven('Action');
  return isAddressed ? inParameters(parameters, undefined) : inHeaders(request, undefined);
}

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function inParameters(parameters: readonly Parameter[], signature: CommonParameters['signature']): CommonParameters {
  const value = (name: string): string | undefined => parameter(parameters, name);
  return {
    signature,
    action: () => required('Action', value('Action')),
    version: () => required('Version', value('Version')),
    time: () => timeOf('Timestamp', value('Timestamp'), iso),
    nonce: () => required('SignatureNonce', value('SignatureNonce')),
    token: { name: 'SecurityToken', value: value('SecurityToken') },
    bearerToken: value('BearerToken'),
    signatureType: value('SignatureType'),
  };
}

function inHeaders({ headers, query }: ParsedRequest, signature: CommonParameters['signature']): CommonParameters {
  const isOlder = signature === 'ROA V1' || (signature === undefined && headers['x-acs-signature-version'] === '1.0');
  return {
    signature,
    action: () => required('x-acs-action', headers['x-acs-action']),
    version: () => required('x-acs-version', headers['x-acs-version']),
    time: () => (isOlder ? timeOf('date', headers.date, / GMT$/) : timeOf('x-acs-date', headers['x-acs-date'], iso)),
    nonce: () => required('x-acs-signature-nonce', headers['x-acs-signature-nonce']),
    token: { name: 'x-acs-security-token', value: headers['x-acs-security-token'] },
    bearerToken: headers['x-acs-bearer-token'],
    // RPC calls have it in the query, even where all else is in headers.
    signatureType: headers['x-acs-signature-type'] ?? parameter(query, 'SignatureType'),
  };
}

function timeOf(name: string, date: string | undefined, format: RegExp): number {
  const given = required(name, date);
  const time = format.test(given) ? Date.parse(given) : NaN;
  if (!Number.isNaN(time)) return time;
  throw apiError(400, 'InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.');
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}
