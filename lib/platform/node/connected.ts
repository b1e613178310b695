import type { Socket } from 'node:net';
import { Observable } from 'rxjs';

/** Emits a socket when it is connected; unsubscribing before that closes it. */
export function connected(event: 'connect' | 'secureConnect', open: () => Socket): Observable<Socket> {
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
