import { randomUUID } from 'node:crypto';
import { defer, type Observable } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import {
  createGateway,
  type Gateway,
  type GatewayEvent,
  type GatewayOptions,
  type RequestInfo,
} from '../../lib/gateway/index.js';
import { stringifyJson } from '../../lib/schema/json.js';
import {
  describeInstances,
  describeRegions,
  runInstances,
  startInstance,
  stopInstance,
} from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';

export const origin = 'https://app.example.com';
export const regionId = 'cn-hangzhou';
export const base = `${origin}/api/alicloud`;
const { accessKeyId, accessKeySecret } = emulatorCredentials;
export const credentials = accessKey(accessKeyId, accessKeySecret);

/** A transport that keeps what is sent through it. */
export interface Recorder extends Transport {
  readonly sent: HttpRequest[];
  /** How many requests were unsubscribed from before they had an answer. */
  cancelled: number;
}

export function recorderOf(transport: Pick<Transport, 'send' | 'stream'>): Recorder {
  const watched = <T>(
    request: HttpRequest,
    send: ((request: HttpRequest) => Observable<T>) | undefined,
  ): Observable<T> =>
    defer(() => {
      recorder.sent.push(request);
      return send?.(request) ?? defer(() => []);
    });
  const recorder: Recorder = {
    sent: [],
    cancelled: 0,
    send: (request) => watched<HttpResponse>(request, (each) => transport.send(each)),
    stream: (request) => watched<HttpHead | Uint8Array>(request, (each) => transport.stream!(each)),
  };
  return recorder;
}

export interface Site {
  readonly gateway: Gateway;
  readonly emulator: Emulator;
  readonly upstream: Recorder;
  readonly events: GatewayEvent[];
  readonly warnings: string[];
}

export interface SiteOptions extends Partial<GatewayOptions> {
  readonly transport?: Pick<Transport, 'send' | 'stream'>;
}

/** A gateway before an emulator, with what was sent between the two. */
export function siteOf({ transport, ...options }: SiteOptions = {}): Site {
  const emulator = createEmulator();
  const upstream = recorderOf(transport ?? emulator.transport);
  const events: GatewayEvent[] = [];
  const warnings: string[] = [];
  const gateway = createGateway({
    client: { regionId, credentials, transport: upstream, retry: false },
    origins: [origin],
    allow: [describeRegions, describeInstances, runInstances, startInstance, stopInstance],
    authorize: ({ headers }) => ({ id: headers.get('x-user') ?? 'someone' }),
    warn: (message) => warnings.push(message),
    logger: (event) => events.push(event),
    ...options,
  });
  return { gateway, emulator, upstream, events, warnings };
}

export interface Call {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: BodyInit | Uint8Array | null;
  readonly request?: unknown;
  readonly regionId?: string;
  readonly attempt?: string;
  readonly info?: RequestInfo;
  readonly signal?: AbortSignal;
}

export const newAttempt = (): string => randomUUID();

/** As a browser's `fetch` makes it. */
export function requestOf({ path = '/Ecs/2014-05-26/DescribeRegions', method = 'POST', ...call }: Call): Request {
  const { request = {}, attempt = newAttempt(), signal } = call;
  const body = call.body === undefined ? stringifyJson({ request, regionId: call.regionId }) : call.body;
  const headers = {
    'content-type': 'application/json',
    'x-rx-alicloud-attempt': attempt,
    origin,
    'sec-fetch-site': 'same-origin',
    ...call.headers,
  };
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Request(path.startsWith('http') ? path : `${base}${path}`, {
    method,
    headers: given,
    body: method === 'GET' || method === 'OPTIONS' ? null : (body as BodyInit | null),
    ...(signal === undefined ? {} : { signal }),
    // Of a body that is a stream.
    duplex: 'half',
  } as RequestInit);
}

export function send({ gateway }: Pick<Site, 'gateway'>, call: Call = {}): Promise<Response> {
  return gateway.handle(requestOf(call), call.info);
}

export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly text: string;
  readonly headers: Headers;
}

export async function answerTo(site: Pick<Site, 'gateway'>, call: Call = {}): Promise<Answer> {
  const response = await send(site, call);
  const text = await response.text();
  const { Code: code, Message: message } = (text.startsWith('{') ? JSON.parse(text) : {}) as {
    Code?: string;
    Message?: string;
  };
  return { status: response.status, code, message, text, headers: response.headers };
}
