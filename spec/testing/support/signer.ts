/** A signer for the specs, written from the rules and sharing nothing with the package: what is refused is wrong on purpose. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { HttpRequest } from '../../../lib/transport/transport.js';

export interface Signable {
  origin?: string;
  method?: string;
  path?: string;
  action?: string;
  version?: string;
  query?: Record<string, string>;
  body?: string;
  contentType?: string;
  headers?: Record<string, string | undefined>;
  /** In ms. */
  time?: number;
  nonce?: string;
  accessKeyId?: string;
  accessKeySecret?: string;
  /** Headers that are sent but not signed. */
  unsigned?: readonly string[];
}

export const keys = { accessKeyId: 'spec-key', accessKeySecret: 'spec-secret' };

export function sign(parts: Signable): HttpRequest {
  const { origin = 'http://ecs.cn-hangzhou.aliyuncs.com', method = 'POST', path = '/', body = '' } = parts;
  const headers = present({
    host: origin.slice(origin.indexOf('//') + 2),
    accept: 'application/json',
    'x-acs-action': parts.action ?? 'DescribeThings',
    'x-acs-version': parts.version ?? '2020-01-01',
    'x-acs-date': new Date(parts.time ?? Date.now()).toISOString().replace(/\.\d+/, ''),
    'x-acs-signature-nonce': parts.nonce ?? randomUUID(),
    'x-acs-content-sha256': sha256(body),
    'content-type': parts.contentType,
    ...parts.headers,
  });
  const names = Object.keys(headers)
    .filter((name) => /^(x-acs-.*|host|content-type)$/.test(name) && !parts.unsigned?.includes(name))
    .sort();
  const query = Object.entries(parts.query ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
  const canonical = [
    method,
    path,
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
  const { accessKeyId, accessKeySecret } = { ...keys, ...parts };
  const signature = createHmac('sha256', accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
  const { host: _host, ...sent } = headers;
  return {
    method,
    url: `${origin}${path}${query === '' ? '' : `?${query}`}`,
    headers: {
      authorization: `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`,
      ...sent,
    },
    ...(body === '' ? {} : { body }),
  };
}

/** The same request with one header replaced, or taken away, after it was signed. */
export function withHeader(request: HttpRequest, name: string, value: string | undefined): HttpRequest {
  return { ...request, headers: present({ ...request.headers, [name]: value }) };
}

function present(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
