/** Who is handed a request: our own adapter, or an axios instance of the user's. */
import type { AxiosAdapter, AxiosInstance, AxiosRequestConfig, GenericAbortSignal } from 'axios';
import type { AdapterConfig } from '../platform/connections.js';
import { Cancellation } from './cancellation.js';
import type { HttpRequest } from './transport.js';

export interface Abortable {
  readonly signal: GenericAbortSignal;
  abort(): void;
}

/** What axios makes of a body, by the response type that it is told. */
export type ResponseKind = 'text' | 'arraybuffer' | 'stream';

export interface HttpClient {
  send(request: HttpRequest, kind: ResponseKind, signal: GenericAbortSignal): Promise<unknown>;
  abortable(): Abortable;
  /** Whether requests go over our adapter. */
  readonly isOurs: boolean;
  /** Whether the headers of its responses are plain already: names in lower case, and texts. */
  readonly hasPlainHeaders: boolean;
}

/** Without anything of axios but its interface: merging its configurations costs more than a request. */
export function clientOver(adapter: AxiosAdapter): HttpClient {
  return {
    send: (request, kind, signal) => adapter(configOf(request, request.headers, kind, signal)),
    abortable() {
      const signal = new Cancellation();
      return { signal, abort: () => signal.abort() };
    },
    isOurs: true,
    hasPlainHeaders: true,
  };
}

/** Through the interceptors of an instance, and over our adapter where it has no way of its own. */
export function clientThrough(instance: AxiosInstance, adapter: AxiosAdapter): HttpClient {
  const isOwn = goesItsOwnWay(instance);
  const fixed: AxiosRequestConfig = {
    // What comes in goes out: encoding and decoding are the pipeline's.
    transformRequest: [(data: unknown) => (isOwn && data instanceof Uint8Array ? bufferOf(data) : data)],
    transformResponse: [(data: unknown) => data],
    maxBodyLength: Infinity,
    ...(isOwn ? {} : { adapter }),
  };
  return {
    send(request, kind, signal) {
      const headers = { ...noHeaders, ...request.headers };
      return instance.request<unknown>({ ...fixed, ...configOf(request, headers, kind, signal) });
    },
    abortable: () => new AbortController(),
    isOurs: !isOwn,
    hasPlainHeaders: false,
  };
}

/** Whoever gives an adapter, agents or a proxy often gives the instance for these. */
function goesItsOwnWay(instance: AxiosInstance): boolean {
  // Whatever has a method `request` is taken for an instance.
  const defaults: Partial<AxiosInstance['defaults']> = (instance as Partial<AxiosInstance>).defaults ?? {};
  const { adapter, proxy } = defaults;
  // As axios has it where nobody has said anything.
  const isDefault = adapter === undefined || (Array.isArray(adapter) && String(adapter) === 'xhr,http,fetch');
  return !isDefault || [defaults.httpAgent as unknown, defaults.httpsAgent as unknown, proxy].some(isGiven);
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

/**
 * The limits are told in axios' words too: an adapter that is not ours, or a browser, knows one limit for all of a
 * request, and gets as long as both together.
 */
function configOf(
  { method, url, body, connectTimeout = 0, readTimeout = 0, maxResponseSize = 0, onUploaded }: HttpRequest,
  headers: Readonly<Record<string, string | false>>,
  responseType: ResponseKind,
  signal: GenericAbortSignal,
): AdapterConfig {
  const config: Omit<AdapterConfig, 'headers'> = {
    method,
    url,
    responseType,
    signal,
    validateStatus: null,
    maxRedirects: 0,
    transitional,
    connectTimeout,
    readTimeout,
    timeout: connectTimeout > 0 && readTimeout > 0 ? connectTimeout + readTimeout : 0,
  };
  if (maxResponseSize > 0) config.maxContentLength = maxResponseSize;
  // GET and HEAD carry no body.
  if (body !== undefined && method !== 'GET' && method !== 'HEAD') config.data = body;
  if (onUploaded !== undefined) config.onUploadProgress = ({ loaded }) => onUploaded(loaded);
  // axios' adapters make headers of their own kind of these, and ours take them as they are.
  return Object.assign(config, { headers }) as unknown as AdapterConfig;
}

/** `false` keeps axios from adding a header of its own. */
const noHeaders = { accept: false, 'content-type': false, 'user-agent': false } as const;

/** A limit that was passed is told from a request that was aborted. */
const transitional = { clarifyTimeoutError: true };

/** In Node, axios takes no view of a part of a buffer. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBufferLike {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
