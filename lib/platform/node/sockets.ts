/** Sockets, as Observables that emit one when it is connected; unsubscribing before that closes it. */
import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import { Observable } from 'rxjs';
import { connect as connectTls, type ConnectionOptions as TlsConnection } from 'node:tls';
import type { Proxy } from './proxy.js';

export interface Address {
  /** An address of IPv6 stands in no brackets. */
  readonly hostname: string;
  readonly port: number;
}

export function plainSocket({ hostname: host, port }: Address): Observable<Socket> {
  return connected('connect', () => connect({ host, port }));
}

/** @param socket What to speak TLS over, where it is connected already. */
export function secureSocket(
  { hostname: host, port }: Address,
  secure: TlsConnection,
  socket?: Socket,
): Observable<Socket> {
  // A server is told its name, never its address.
  const named = isIP(host) === 0 ? { servername: host } : {};
  const through = socket === undefined ? {} : { socket };
  return connected('secureConnect', () =>
    connectTls({ ...secure, ...named, ...through, host, port, ALPNProtocols: ['http/1.1'] }),
  );
}

/** The answer of a proxy that refused to let a connection through. */
export class TunnelRefusal extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/** A connection to an address through a proxy, as HTTP's method CONNECT makes it. */
export function tunnelledSocket(proxy: Proxy, { hostname, port }: Address, secure: TlsConnection): Observable<Socket> {
  const target = `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port}`;
  return new Observable((subscriber) => {
    let isOpen = false;
    const request = connectRequest(proxy, target, secure);
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

function connectRequest(proxy: Proxy, target: string, secure: TlsConnection): ClientRequest {
  const { hostname: host, port, authorization } = proxy;
  const headers = {
    host: target,
    connection: 'keep-alive',
    ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
  };
  const options = { method: 'CONNECT', host, port, path: target, headers, agent: false as const };
  return proxy.isSecure ? httpsRequest({ ...secure, ...options }) : httpRequest(options);
}

function connected(event: 'connect' | 'secureConnect', open: () => Socket): Observable<Socket> {
  return new Observable((subscriber) => {
    let isConnected = false;
    const socket = open();
    // It stays: an error between here and the next listener would end the process.
    socket.on('error', (error) => subscriber.error(error));
    socket.once(event, () => {
      isConnected = true;
      subscriber.next(socket);
      subscriber.complete();
    });
    return () => {
      if (!isConnected) socket.destroy();
    };
  });
}
