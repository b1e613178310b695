import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import type { Observable } from 'rxjs';
import type { AlicloudError } from '../errors.js';

/**
 * Which proxy requests go through: a URL such as `http://user:password@proxy:3128`, one for the URLs of each scheme and
 * the hosts that need none, or `false` for none at all. `no` is written as `NO_PROXY` is: names, `.suffixes`, addresses
 * and networks, some with a port, separated by commas.
 */
export type ProxyOptions =
  | string
  | false
  | {
      readonly http?: string | undefined;
      readonly https?: string | undefined;
      readonly no?: string | undefined;
    };

export interface TlsOptions {
  /** The authorities whose certificates are trusted, in PEM, in place of those that Node knows. @default Node's */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** The client's certificate, in PEM, where the server asks for one. @default none */
  readonly cert?: string | Uint8Array | undefined;
  /** The key of `cert`, in PEM. @default none */
  readonly key?: string | Uint8Array | undefined;
  /** What `key` is encrypted with. @default none */
  readonly passphrase?: string | undefined;
  /** Takes any certificate from anybody, and warns of it once. For tests alone. @default false */
  readonly insecure?: boolean | undefined;
}

/** How connections are made and kept, in Node; a browser decides all of it itself. */
export interface ConnectionOptions {
  /** @default HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY of the environment, read when the first request is sent */
  readonly proxy?: ProxyOptions | undefined;
  readonly tls?: TlsOptions | undefined;
  /** How long a connection that no request uses is kept, in milliseconds; 0 keeps none. @default 10000 */
  readonly idleTimeout?: number | undefined;
  /** How many there may be to one host: an integer >= 1. @default 50, or the `poolSize` of the async mode where that is larger */
  readonly maxConnections?: number | undefined;
}

/** What holds where an option says nothing else. */
export const connectionDefaults = { idleTimeout: 10_000, maxConnections: 50 } as const;

/** Begins what sends requests to an origin as soon as there is a connection for it, first in, first out. */
export type Admit = <T>(origin: string, start: () => Observable<T>) => Observable<T>;

/** A request as the connections are handed it without axios' words for it. */
export interface ExchangeRequest extends Limits {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly responseType?: 'text' | 'bytes' | 'stream' | undefined;
  /** In bytes, after decompression; 0 or absent: no limit. */
  readonly maxResponseSize?: number | undefined;
  readonly onUploaded?: ((bytes: number) => void) | undefined;
}

/** What comes before the body of an answer. */
export interface ExchangeHead {
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case. Read when somebody looks, which most callers don't. */
  readonly headers: Readonly<Record<string, string>>;
  /** The value of one of them, without reading the others; its name in lower case. */
  header(name: string): string | undefined;
}

/** Told once what becomes of a request, unless it was aborted before. */
export interface ExchangeListener {
  /** `data` is a text, bytes or a stream, as the request wants it. */
  onAnswer(head: ExchangeHead, data: unknown): void;
  onFailure(error: AlicloudError): void;
}

/** Begins a request; what it gives aborts that, and does nothing once it has ended. */
export type Exchange = (request: ExchangeRequest, listener: ExchangeListener) => { abort(): void } | undefined;

/** The connections of one client. */
export interface Connections {
  /**
   * Carries a request without axios' interface around it, which costs as much again as the request itself. `undefined`:
   * only the adapter can carry it. @throws ConfigurationError where the URL is none.
   */
  readonly exchange?: Exchange | undefined;
  /** Carries a request over them, and keeps the limits of {@link Limits} as far as the platform lets it. */
  readonly adapter: AxiosAdapter;
  /** Closes those that no request uses. */
  readonly closeIdle: () => void;
  /** Where connections have a bound. */
  readonly admit?: Admit | undefined;
  /** Raises the bound that nobody has set, so that it is at least this. */
  readonly reserve?: ((requests: number) => void) | undefined;
}

/** What our adapters are told beside what axios knows of; axios hands it on as it hands on all that it does not know. */
export interface Limits {
  /** How long a connection may take, in milliseconds. */
  readonly connectTimeout?: number | undefined;
  /** How long the answer may be silent, in milliseconds. */
  readonly readTimeout?: number | undefined;
}

export type AdapterConfig = InternalAxiosRequestConfig<unknown> & Limits;
