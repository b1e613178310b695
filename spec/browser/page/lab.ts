/** What the pages of the specs have at hand, as `lab`. */
import * as rx from 'rxjs';
import * as alicloud from '../../../lib/index.js';
import * as interop from '../../../lib/interop/index.js';
import * as queues from '../../../lib/queues/index.js';
import * as ecs from '../../../lib/services/ecs.js';
import * as sts from '../../../lib/services/sts.js';
import { goodCall } from '../../gateway/attacks.js';
import { postForm, postWithoutPreflight, send, tryAttacks } from './attack.js';
import { encodeSamples } from './encode-samples.js';
import { sign } from './sign.js';

/** A call, or anything else that was subscribed to. */
export interface Tracked {
  readonly values: unknown[];
  readonly subscription: rx.Subscription;
  /** When it has ended: its error as plain data, `undefined` where it has none. It never does where it is unsubscribed from. */
  readonly ended: Promise<PlainError | undefined>;
}

/** What can leave the page. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly [field: string]: unknown;
}

const service = {
  product: 'Ecs',
  version: '2014-05-26',
  endpoints: { prefix: 'ecs', rule: 'regional', regions: {} },
} as const;

type Any<Response> = alicloud.Operation<Record<string, unknown>, Response>;
const read: Any<unknown> = {
  service,
  action: 'DescribeZones',
  query: 'Marker:s,Amount:l',
  response: '{N:l,Text:s,Flag:b}',
};
const write: Any<unknown> = { service, action: 'StopZone', query: 'Marker:s', response: '{N:l}' };
const writeOnce: Any<unknown> = { service, action: 'CreateZone', query: 'ClientToken:s', response: '{N:l}' };
const text: Any<unknown> = { service, action: 'GetText', response: 's', responseType: 'text' };
const bytes: Any<Uint8Array> = { service, action: 'GetBytes', path: '/bytes', method: 'GET', responseType: 'bytes' };
const events: Any<unknown> = { service, action: 'Watch', response: '{N:n}', responseType: 'events' };
const upload: Any<unknown> = {
  service,
  action: 'PutBytes',
  path: '/put',
  body: 'body=a',
  bodyType: 'bytes',
  response: '{N:n}',
};

/** Of every kind. */
const operations = { read, write, writeOnce, text, bytes, events, upload };

function clientOf(options: alicloud.ClientOptions): alicloud.AlicloudClient {
  return new alicloud.AlicloudClient({
    regionId: 'cn-hangzhou',
    ...(options.gateway === undefined
      ? { credentials: alicloud.accessKey('an-id', 'a-secret'), allowAccessKeyInBrowser: true }
      : {}),
    ...options,
  });
}

function track(source: rx.Observable<unknown>): Tracked {
  const values: unknown[] = [];
  let end: (error?: PlainError) => void;
  const ended = new Promise<PlainError | undefined>((resolve) => (end = resolve));
  const subscription = source.subscribe({
    next: (value) => values.push(value),
    error: (error: unknown) => end(plain(error)),
    complete: () => end(),
  });
  return { values, subscription, ended };
}

/** The error that something ends in. */
async function failureOf(source: rx.Observable<unknown>): Promise<PlainError> {
  const error = await track(source).ended;
  return error ?? { name: 'none', message: 'It has ended without an error' };
}

function plain(error: unknown): PlainError {
  const { name, message, stack: _stack, cause: _cause, ...fields } = error as Error;
  const data = JSON.parse(alicloud.stringifyJson(fields) ?? '{}') as object;
  return { name, message, ...data };
}

export const lab = {
  rx,
  alicloud,
  interop,
  queues,
  ecs,
  sts,
  operations,
  clientOf,
  track,
  failureOf,
  encodeSamples,
  sign,
  attack: { goodCall, postForm, postWithoutPreflight, send, tryAttacks },
};

export type Lab = typeof lab;

Object.assign(globalThis, { lab });
