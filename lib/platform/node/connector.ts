/** Makes the connections of one origin. */
import { catchError, map, of, switchMap, tap, throwError, timeout, type Observable } from 'rxjs';
import type { Socket } from 'node:net';
import type { ConnectionOptions as TlsConnection } from 'node:tls';
import { NetworkError, TimeoutError, type AlicloudError } from '../../errors.js';
import { networkFailure } from '../network-failure.js';
import type { Proxy } from './proxy.js';
import { plainSocket, secureSocket, tunnelledSocket, TunnelRefusal, type Address } from './sockets.js';

export interface Route {
  readonly origin: string;
  readonly isSecure: boolean;
  readonly address: Address;
  readonly proxy: Proxy | undefined;
}

/** What TLS is spoken with: to the servers, and to a proxy. */
export interface TlsContexts {
  readonly server: TlsConnection;
  readonly proxy: TlsConnection;
}

/** Emits a socket over which the origin can be spoken to; `limit` in milliseconds, 0 is none. */
export type Connector = (limit: number) => Observable<Socket>;

export function connectorOf(route: Route, tlsContexts: TlsContexts): Connector {
  let session: Buffer | undefined;
  const { origin } = route;

  function secured(through?: Socket): Observable<Socket> {
    const secure = { ...tlsContexts.server, session };
    return secureSocket(route.address, secure, through && of(through)).pipe(
      tap((socket) => socket.on('session', (next: Buffer) => (session = next))),
    );
  }

  const socket$ = (): Observable<Socket> => {
    if (route.proxy === undefined) return route.isSecure ? secured() : plainSocket(route.address);
    return toProxy(route, route.proxy, tlsContexts).pipe(
      switchMap((socket) => (route.isSecure ? secured(socket) : [socket])),
    );
  };

  return (limit) => {
    const ready$ = socket$().pipe(
      map((socket) => socket.setNoDelay(true).setKeepAlive(true, keepAliveDelay)),
      catchError((error: unknown) => throwError(() => failed(error, { origin }))),
    );
    const tooLate = () => throwError(() => new TimeoutError({ phase: 'connect', timeout: limit, origin }));
    return limit > 0 ? ready$.pipe(timeout({ first: limit, with: tooLate })) : ready$;
  };
}

/** How long a connection is silent before TCP asks whether it still stands, in milliseconds. */
const keepAliveDelay = 60_000;

/** An HTTPS target is reached through a tunnel; the requests for an HTTP one are sent to the proxy itself. */
function toProxy({ origin, isSecure, address }: Route, proxy: Proxy, tlsContexts: TlsContexts): Observable<Socket> {
  const proxy$ = proxy.isSecure ? secureSocket(proxy, tlsContexts.proxy) : plainSocket(proxy);
  const socket$ = isSecure ? proxy$.pipe(switchMap((socket) => tunnelledSocket(socket, proxy, address))) : proxy$;
  return socket$.pipe(catchError((error: unknown) => throwError(() => failed(error, { origin, proxy: proxy.host }))));
}

function failed(error: unknown, peer: { origin: string; proxy?: string }): AlicloudError {
  if (error instanceof NetworkError) return error;
  if (error instanceof TunnelRefusal) return proxyRefusal(peer.origin, peer.proxy ?? '', error.status);
  return networkFailure(peer, (error as NodeJS.ErrnoException).code, error);
}

/** The proxy answered, and refused. */
export function proxyRefusal(origin: string, proxy: string, status: number): NetworkError {
  const [code, why] =
    status === 407
      ? ['ERR_PROXY_AUTHENTICATION', 'it wants a user and a password, or other ones']
      : ['ERR_PROXY_REFUSED', 'it does not let the connection through'];
  return new NetworkError(
    `The proxy ${proxy} refused the request to ${origin} with status ${status}: ${why}`,
    origin,
    code,
  );
}
