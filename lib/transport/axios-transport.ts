import axios, { type AxiosError, type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { catchError, from, map, Observable, tap, throwError } from 'rxjs';
import { openConnections } from '#platform';
import { ConfigurationError, isAlicloudError, NetworkError, type AlicloudError } from '../errors.js';
import type { HttpRequest, HttpResponse, Transport } from './transport.js';

/** The transport over axios, with one instance and one set of keep-alive connections, made once. */
export function axiosTransport(instance?: AxiosInstance): Transport {
  const connections = openConnections();
  const fixed: AxiosRequestConfig = {
    ...connections.axiosConfig,
    responseType: 'text',
    // Text in, text out: encoding and decoding are the pipeline's.
    transformRequest: [(data: unknown) => (data instanceof Uint8Array ? bufferOf(data) : data)],
    transformResponse: [(data: unknown) => data],
    validateStatus: null,
    maxRedirects: 0,
    maxBodyLength: Infinity,
    proxy: false,
    // The call's own timeout covers the request.
    timeout: 0,
    ...ownRoute(instance),
  };
  const client = instance ?? axios.create(fixed);
  // A user's instance has its own defaults, so it is told everything with each request.
  const perCall = instance === undefined ? {} : fixed;

  return {
    send: (request) =>
      new Observable<HttpResponse>((subscriber) => {
        const aborter = new AbortController();
        let ended = false;
        // Aborting what has ended does nothing, but makes an exception for it.
        subscriber.add(() => {
          if (!ended) aborter.abort();
        });
        return from(client.request<string>({ ...perCall, ...configOf(request), signal: aborter.signal }))
          .pipe(
            tap({ next: () => (ended = true), error: () => (ended = true) }),
            map(responseOf),
            catchError((error: unknown) => throwError(() => errorOf(error, request))),
          )
          .subscribe(subscriber);
      }),
    closeIdle: () => connections.closeIdle(),
  };
}

/** The agents and the proxy of a user's instance: whoever gives one often gives it for these. */
function ownRoute(instance: AxiosInstance | undefined): AxiosRequestConfig {
  const names = ['httpAgent', 'httpsAgent', 'proxy'];
  const defaults: object = instance?.defaults ?? {};
  return Object.fromEntries(
    Object.entries(defaults).filter(([name, value]) => names.includes(name) && value !== undefined),
  );
}

/** In Node, axios takes no view of a part of a buffer. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBufferLike {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

function configOf({ method, url, headers, body }: HttpRequest): AxiosRequestConfig {
  return {
    method,
    url,
    // GET and HEAD carry no body.
    ...(body === undefined || method === 'GET' || method === 'HEAD' ? {} : { data: body }),
    // `false` keeps axios from adding a header of its own.
    headers: { accept: false, 'content-type': false, 'user-agent': false, ...headers },
  };
}

function responseOf(response: AxiosResponse<string>): HttpResponse {
  // The interceptors of a user's instance may have made anything of it.
  const { status, headers, data } = (response as Partial<AxiosResponse<unknown>> | undefined) ?? {};
  if (typeof status !== 'number' || typeof data !== 'string') {
    throw new ConfigurationError({
      path: 'axios',
      expected: 'an instance whose interceptors hand on the response, its data a text',
      received: typeof status === 'number' ? `data of type ${typeof data}` : 'no response',
    });
  }
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) plain[name.toLowerCase()] = String(value);
  return { status, headers: plain, body: data };
}

/** An axios error holds the whole request, signature and tokens included; only what lies beneath it is handed on. */
function errorOf(error: unknown, request: HttpRequest): AlicloudError {
  if (isAlicloudError(error)) return error;
  const { origin, host } = new URL(request.url);
  const { code, message } =
    error instanceof Error ? (error as AxiosError) : { code: undefined, message: String(error) };
  const systemCode = message.includes('aborted') ? 'ECONNRESET' : code;
  const cause = axios.isAxiosError(error) ? error.cause : error;
  return new NetworkError(inWords(systemCode, message, origin, host), origin, systemCode, { cause });
}

function inWords(code: string | undefined, message: string, origin: string, host: string): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host ${host} was not found (${code}): check the region id or the endpoint`;
    case 'ECONNREFUSED':
      return `${origin} refused the connection (${code}): nothing listens there`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${origin} closed the connection before the whole answer had come (${code})`;
    case 'ETIMEDOUT':
      return `${origin} did not answer (${code})`;
    default:
      return `The request to ${origin} failed: ${message}${code === undefined ? '' : ` (${code})`}`;
  }
}
