/**
 * The signature ACS3-HMAC-SHA256, verified by the server's own reading of the rules: nothing here is shared with the
 * client's signer, so that a mistake in one shows in the other.
 */
import { hmacSha256Hex, sha256Hex } from '#sha256';
import { apiError, missingParameter, signatureMismatch } from './api-error.js';
import type { CredentialStore, StoredCredentials } from './credentials.js';
import { percentEncode, reserved } from './percent-encode.js';
import { v3Scheme } from './common-parameters.js';
import type { Parameter, ParsedRequest } from './wire.js';

/** Whose request it is; throws as the service refuses where the signature isn't theirs. */
export function verifyV3(request: ParsedRequest, credentials: CredentialStore): StoredCredentials {
  const claim = parseAuthorization(request.headers.authorization ?? '');
  const caller = credentials.find(claim.credential);
  if (caller === undefined) throw apiError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  checkSignedHeaders(request, claim.signedHeaders);
  const bodyHash = hashOfBody(request);
  const declared = request.headers['x-acs-content-sha256'];
  if (declared === undefined) throw missingParameter('x-acs-content-sha256');
  const [usual, ...others] = canonicalQueries(request.query).map((query) =>
    canonicalRequest(request, query, claim.signedHeaders, bodyHash),
  );
  const isSigned = [usual, ...others].some(
    (canonical) => hmacSha256Hex(caller.accessKeySecret, stringToSign(canonical)) === claim.signature,
  );
  if (declared === bodyHash && isSigned) return caller;
  throw signatureMismatch(`StringToSign is [${stringToSign(usual)}], server CanonicalRequest is [${usual}]`);
}

function stringToSign(canonicalRequest = ''): string {
  return `${v3Scheme}\n${sha256Hex(canonicalRequest)}`;
}

interface Claim {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization(header: string): Claim {
  const parts = new Map<string, string>();
  for (const part of header.slice(v3Scheme.length).split(',')) {
    const equals = part.indexOf('=');
    parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const [credential, signedHeaders, signature] = [
    parts.get('Credential'),
    parts.get('SignedHeaders'),
    parts.get('Signature'),
  ];
  if (!credential || !signedHeaders || !signature) {
    throw incomplete(`Authorization must be ${v3Scheme} with Credential, SignedHeaders and Signature`);
  }
  return { credential, signedHeaders: signedHeaders.split(';'), signature };
}

function checkSignedHeaders({ headers }: ParsedRequest, signed: readonly string[]): void {
  for (const name in headers) {
    if ((name.startsWith('x-acs-') || name === 'host' || name === 'content-type') && !signed.includes(name)) {
      throw incomplete(`SignedHeaders must contain ${name}`);
    }
  }
}

const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function hashOfBody({ body }: ParsedRequest): string {
  return body.length === 0 ? hashOfNothing : sha256Hex(body);
}

function canonicalRequest(
  { method, path, headers }: ParsedRequest,
  query: string,
  signed: readonly string[],
  bodyHash: string,
): string {
  let lines = `${method}\n${canonicalPath(path)}\n${query}\n`;
  for (const name of [...signed].sort()) lines += `${name}:${(headers[name] ?? '').trim()}\n`;
  return `${lines}\n${signed.join(';')}\n${bodyHash}`;
}

function canonicalPath(path: string): string {
  return path.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~');
}

/**
 * Whether names are encoded, too, is a question on which signers differ; it matters for few names, and both are taken:
 * save for names that could pass for a part of what stands around them.
 */
function canonicalQueries(query: readonly Parameter[]): readonly string[] {
  const sorted = [...query].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const plain = sorted.map(([name, value]) => `${name}=${percentEncode(value)}`).join('&');
  if (!sorted.some(([name]) => reserved.test(name))) return [plain];
  const encoded = sorted.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
  return sorted.some(([name]) => /[&=%\s]/.test(name)) ? [encoded] : [plain, encoded];
}

function incomplete(hint: string): Error {
  return apiError(400, 'IncompleteSignature', `The request signature does not conform to the standard: ${hint}.`);
}
