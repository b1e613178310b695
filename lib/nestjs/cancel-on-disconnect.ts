import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';

/**
 * Unsubscribes from what a handler returns when whoever sent the request has gone, so that the calls to the cloud behind it
 * are aborted. For handlers that return Observables, over HTTP, on Express and Fastify: a promise can not be cancelled. Made
 * known by `@UseInterceptors(CancelOnDisconnect)`, or to all handlers by `app.useGlobalInterceptors(new CancelOnDisconnect())`.
 */
export class CancelOnDisconnect implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const connection = connectionOf(context.switchToHttp().getResponse<Connection | FastifyReply>());
    return new Observable((subscriber) => {
      const leave = (): void => {
        // NestJS takes an empty Observable for a mistake.
        subscriber.next(undefined);
        subscriber.complete();
      };
      if (connection.destroyed) return leave();
      // Also told of the end of an answer, by when all is over.
      connection.on('close', leave);
      subscriber.add(() => connection.off('close', leave));
      next.handle().subscribe(subscriber);
      return undefined;
    });
  }
}

/** What is needed of Node's `ServerResponse`, which is Express' own. */
interface Connection {
  readonly destroyed: boolean;
  on(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

interface FastifyReply {
  readonly raw: Connection;
}

function connectionOf(response: Connection | FastifyReply): Connection {
  return 'raw' in response ? response.raw : response;
}
