/** The body of a request, with bounds on its length and its slowness. */
import { defer, EMPTY, map, reduce, throwError, timeout, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { fromReadableStream } from '../interop/from-readable-stream.js';
import { GatewayRefusal, invalid } from './refusal.js';

export interface BodyLimits {
  /** In bytes. */
  readonly maxSize: number;
  /** For all of it, in milliseconds. */
  readonly bodyTimeout: number;
  /** Between two pieces of it, in milliseconds. */
  readonly idleTimeout: number;
}

/** Emits the whole body. Unsubscribing, and each refusal, cancels the stream. */
export function readBody({ headers, body }: Request, limits: BodyLimits): Observable<Uint8Array<ArrayBuffer>> {
  return defer(() => {
    const announced = headers.get('content-length');
    if (announced !== null && !/^\d{1,15}$/.test(announced)) throw invalid('The header content-length is no length');
    if (Number(announced) > limits.maxSize) throw tooLarge(limits);
    const pieces$: Observable<unknown> = body === null ? EMPTY : fromReadableStream<unknown>(body);
    return pieces$.pipe(
      noPauseLongerThan(limits.idleTimeout, 'The body stopped coming'),
      reduce((read, piece) => read.append(piece), new Bytes(limits)),
      map((read) => read.all),
      noPauseLongerThan(limits.bodyTimeout, 'The body took too long to come'),
    );
  });
}

function noPauseLongerThan<T>(each: number, message: string): MonoTypeOperatorFunction<T> {
  return timeout({ each, with: () => throwError(() => new GatewayRefusal('Gateway.RequestTimeout', message)) });
}

function tooLarge({ maxSize }: BodyLimits): GatewayRefusal {
  return new GatewayRefusal('Gateway.RequestTooLarge', `The body is longer than ${maxSize} bytes`);
}

/** In one piece of memory: a million pieces of a byte each would take a hundred times what is in them. */
class Bytes {
  private memory = new Uint8Array(1024);
  private length = 0;

  constructor(private readonly limits: BodyLimits) {}

  append(piece: unknown): this {
    if (!(piece instanceof Uint8Array)) throw invalid('The body is no stream of bytes');
    const length = this.length + piece.length;
    if (length > this.limits.maxSize) throw tooLarge(this.limits);
    if (length > this.memory.length) {
      const larger = new Uint8Array(Math.max(length, this.memory.length * 2));
      larger.set(this.memory.subarray(0, this.length));
      this.memory = larger;
    }
    this.memory.set(piece, this.length);
    this.length = length;
    return this;
  }

  get all(): Uint8Array<ArrayBuffer> {
    return this.memory.subarray(0, this.length);
  }
}
