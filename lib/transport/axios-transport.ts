import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { catchError, concat, concatMap, from, Observable, of, tap, throwError } from 'rxjs';
import { openConnections } from '#platform';
import { axiosErrorOf } from './axios-error.js';
import { axiosTypes, streamedResponseOf, wholeResponseOf } from './axios-response.js';
import type { HttpHead, HttpRequest, Transport } from './transport.js';

/** The transport over axios, with one instance and one set of keep-alive connections, made once. */
export function axiosTransport(instance?: AxiosInstance): Transport {
  const connections = openConnections();
  const fixed: AxiosRequestConfig = {
    ...connections.axiosConfig,
    // What comes in goes out: encoding and decoding are the pipeline's.
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

  /** `read` makes an Observable of the response; its end is the request's. */
  function exchange<T>(
    request: HttpRequest,
    config: AxiosRequestConfig,
    read: (response: unknown) => Observable<T>,
  ): Observable<T> {
    return new Observable<T>((subscriber) => {
      const aborter = new AbortController();
      let ended = false;
      // Aborting what has ended does nothing, but makes an exception for it.
      subscriber.add(() => {
        if (!ended) aborter.abort();
      });
      return from(client.request<unknown>({ ...perCall, ...configOf(request), ...config, signal: aborter.signal }))
        .pipe(
          tap(() => (ended = config.responseType !== 'stream')),
          concatMap(read),
          tap({ error: () => (ended = true), complete: () => (ended = true) }),
          catchError((error: unknown) => throwError(() => axiosErrorOf(error, request))),
        )
        .subscribe(subscriber);
    });
  }

  return {
    send(request) {
      const { responseType = 'text' } = request;
      const config = { responseType: axiosTypes[responseType] };
      return exchange(request, config, (response) => of(wholeResponseOf(response, responseType)));
    },
    stream(request) {
      const config = { ...connections.streamConfig, responseType: axiosTypes.stream };
      return exchange<HttpHead | Uint8Array>(request, config, (response) => {
        const { head, pieces } = streamedResponseOf(response);
        return concat(of(head), pieces);
      });
    },
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

function configOf({ method, url, headers, body, onUploaded }: HttpRequest): AxiosRequestConfig {
  return {
    method,
    url,
    // GET and HEAD carry no body.
    ...(body === undefined || method === 'GET' || method === 'HEAD' ? {} : { data: body }),
    ...(onUploaded === undefined ? {} : { onUploadProgress: ({ loaded }) => onUploaded(loaded) }),
    // `false` keeps axios from adding a header of its own.
    headers: { accept: false, 'content-type': false, 'user-agent': false, ...headers },
  };
}
