/** Sockets, as Observables that emit one when it is connected; unsubscribing before that closes it. */
import { request as httpRequest } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { Observable, switchMap } from 'rxjs';
import { connect as connectTls, type ConnectionOptions as TlsConnection } from 'node:tls';
import { anyAddress } from './any-address.js';
import { connected } from './connected.js';
import type { Proxy } from './proxy.js';

export interface Address {
  /** An address of IPv6 stands in no brackets. */
  readonly hostname: string;
  readonly port: number;
}

export function plainSocket({ hostname, port }: Address): Observable<Socket> {
  return anyAddress(hostname, port);
}

/** @param through What to speak TLS over; @default a connection to the address */
export function secureSocket(
  address: Address,
  secure: TlsConnection,
  through$: Observable<Socket> = plainSocket(address),
): Observable<Socket> {
  const { hostname: host, port } = address;
  // A server is told its name, never its address.
  const named = isIP(host) === 0 ? { servername: host } : {};
  return through$.pipe(
    switchMap((socket) =>
      connected('secureConnect', () =>
        connectTls({ ...secure, ...named, socket, host, port, ALPNProtocols: ['http/1.1'] }),
      ),
    ),
  );
}

/** The answer of a proxy that refused to let a connection through. */
export class TunnelRefusal extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/** A connection to an address through a proxy that is connected already, as HTTP's method CONNECT makes it. */
export function tunnelledSocket(
  through: Socket,
  { authorization }: Proxy,
  { hostname, port }: Address,
): Observable<Socket> {
  const target = `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port}`;
  const headers = {
    host: target,
    connection: 'keep-alive',
    ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
  };
  return new Observable((subscriber) => {
    let isOpen = false;
    const request = httpRequest({ method: 'CONNECT', path: target, headers, createConnection: () => through });
    request.on('error', (error) => subscriber.error(error));
    request.once('connect', ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode < 200 || statusCode > 299) return subscriber.error(new TunnelRefusal(statusCode));
      isOpen = true;
      subscriber.next(socket);
      subscriber.complete();
    });
    request.end();
    return () => {
      if (!isOpen) request.destroy();
    };
  });
}
