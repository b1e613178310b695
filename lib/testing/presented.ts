/** Where each protocol says when a request was made, what makes it unique, and on whose behalf it is. */
import { apiError, missingParameter } from './api-error.js';
import { isRoaV1, isRpcV1 } from './verify-v1.js';
import { parameter, type ParsedRequest } from './wire.js';

export interface Presented {
  /** In ms. Throws as the service refuses where it is missing or no time. */
  time(): number;
  /** Throws where it is missing. */
  nonce(): string;
  /** The security token, and how an error calls it. */
  readonly token: { readonly name: string; readonly value: string | undefined };
  readonly bearerToken: string | undefined;
}

export function presentedBy(request: ParsedRequest): Presented {
  const { headers, query } = request;
  const isRpc = isRpcV1(request) || parameter(query, 'BearerToken') !== undefined;
  const isRoa = isRoaV1(request) || headers['x-acs-signature-version'] === '1.0';
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  if (isRpc) {
    return {
      time: () => timeOf('Timestamp', parameter(query, 'Timestamp'), iso),
      nonce: () => nonceOf('SignatureNonce', parameter(query, 'SignatureNonce')),
      token: { name: 'SecurityToken', value: parameter(query, 'SecurityToken') },
      bearerToken: parameter(query, 'BearerToken'),
    };
  }
  return {
    time: () => (isRoa ? timeOf('date', headers.date, / GMT$/) : timeOf('x-acs-date', headers['x-acs-date'], iso)),
    nonce: () => nonceOf('x-acs-signature-nonce', headers['x-acs-signature-nonce']),
    token: { name: 'x-acs-security-token', value: headers['x-acs-security-token'] },
    bearerToken: headers['x-acs-bearer-token'],
  };
}

function timeOf(name: string, date: string | undefined, format: RegExp): number {
  if (date === undefined) throw missingParameter(name);
  const time = format.test(date) ? Date.parse(date) : NaN;
  if (!Number.isNaN(time)) return time;
  throw apiError(400, 'InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.');
}

function nonceOf(name: string, nonce: string | undefined): string {
  if (nonce === undefined || nonce === '') throw missingParameter(name);
  return nonce;
}
