/** Signers of the older protocols for the specs, written from the rules and sharing nothing with the package. */
import { createHmac, randomUUID } from 'node:crypto';
import type { HttpRequest } from '../../../lib/transport/transport.js';
import { keys } from './signer.js';

type Parameters = Readonly<Record<string, string>>;

export interface RpcParts {
  readonly method?: string;
  readonly query?: Parameters;
  readonly form?: Parameters;
  readonly headers?: Parameters;
  readonly time: number;
}

const origin = 'http://things.cn-hangzhou.aliyuncs.com';

/** An RPC call whose parameters are all in the query, save for those of its form. */
export function signRpcV1({ method = 'POST', query = {}, form = {}, headers = {}, time }: RpcParts): HttpRequest {
  const unsigned = {
    Format: 'json',
    Timestamp: iso(time),
    SignatureNonce: randomUUID(),
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    AccessKeyId: keys.accessKeyId,
    ...query,
  };
  const text = `${method}&%2F&${encode(written({ ...unsigned, ...form }))}`;
  const Signature = createHmac('sha1', `${keys.accessKeySecret}&`).update(text).digest('base64');
  const body = written(form);
  return {
    method,
    url: `${origin}/?${written({ ...unsigned, Signature })}`,
    headers: { ...(body !== '' && { 'content-type': 'application/x-www-form-urlencoded' }), ...headers },
    ...(body !== '' && { body }),
  };
}

export interface RoaParts {
  readonly method: string;
  readonly path: string;
  readonly headers: Parameters;
  readonly body?: string;
  readonly time: number;
}

export function signRoaV1({ method, path, headers, body, time }: RoaParts): HttpRequest {
  const sent: Record<string, string> = {
    accept: 'application/json',
    date: new Date(time).toUTCString(),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-signature-version': '1.0',
    ...headers,
  };
  const signed = Object.keys(sent).filter((name) => name.startsWith('x-acs-'));
  const text = [
    method,
    ...['accept', 'content-md5', 'content-type', 'date'].map((name) => sent[name] ?? ''),
    ...signed.sort().map((name) => `${name}:${sent[name]}`),
    path,
  ].join('\n');
  const signature = createHmac('sha1', keys.accessKeySecret).update(text).digest('base64');
  return {
    method,
    url: `${origin}${path}`,
    headers: { ...sent, authorization: `acs ${keys.accessKeyId}:${signature}` },
    body,
  };
}

function written(parameters: Parameters): string {
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+/, '');
}
