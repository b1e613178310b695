/**
 * The least that a signed call can cost: undici's dispatch, one ACS3-HMAC-SHA256 signature written by hand, text and
 * `JSON.parse`. No options, no errors worth the name, no time limits, no repetition: what no SDK can go below.
 */
import { createHmac, createSecretKey, hash, randomUUID } from 'node:crypto';
import { Pool, type Dispatcher } from 'undici';

export interface FloorCall {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly host: string;
  readonly action: string;
  readonly version: string;
  /** Canonical: sorted and percent-encoded. */
  readonly query: string;
}

/** `done` is told the parsed answer. */
export type FloorClient = (done: (error: unknown, answer?: unknown) => void) => void;

export function floorClient(url: string, call: Omit<FloorCall, 'host'>, options: Pool.Options): FloorClient {
  const pool = new Pool(url, options);
  const sign = signerOf({ ...call, host: new URL(url).host });
  const path = call.query === '' ? '/' : `/?${call.query}`;
  return (done) => {
    const pieces: Buffer[] = [];
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: (_controller, piece) => void pieces.push(piece),
      onResponseEnd: () => done(undefined, JSON.parse(textOf(pieces))),
      onResponseError: (_controller, error) => done(error),
    };
    pool.dispatch({ method: 'POST', path, headers: sign(new Date().toISOString(), randomUUID()) }, handler);
  };
}

const algorithm = 'ACS3-HMAC-SHA256';
const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const signedHeaders = 'host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version';

/** The headers of a request, name and value in turn; all that does not change from call to call is written once. */
export function signerOf(call: FloorCall): (isoTime: string, nonce: string) => string[] {
  const { accessKeyId, accessKeySecret, host, action, version, query } = call;
  const key = createSecretKey(accessKeySecret, 'utf8');
  const begin = `POST\n/\n${query}\nhost:${host}\nx-acs-action:${action}\nx-acs-content-sha256:${hashOfNothing}\nx-acs-date:`;
  const end = `\nx-acs-version:${version}\n\n${signedHeaders}\n${hashOfNothing}`;
  const authorization = `${algorithm} Credential=${accessKeyId},SignedHeaders=${signedHeaders},Signature=`;
  return (isoTime, nonce) => {
    const date = `${isoTime.slice(0, 19)}Z`;
    const digest = hash('sha256', `${begin}${date}\nx-acs-signature-nonce:${nonce}${end}`, 'hex');
    const signature = createHmac('sha256', key).update(`${algorithm}\n${digest}`).digest('hex');
    return [
      'accept',
      'application/json',
      'x-acs-action',
      action,
      'x-acs-version',
      version,
      'x-acs-date',
      date,
      'x-acs-signature-nonce',
      nonce,
      'x-acs-content-sha256',
      hashOfNothing,
      'authorization',
      `${authorization}${signature}`,
    ];
  };
}

function textOf(pieces: readonly Buffer[]): string {
  return (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)).toString();
}
