/** An answer as a `Response`: whole, or as a stream that is read no faster than its caller takes it. */
import { Subscription, type Observable } from 'rxjs';
import { replayedHeader } from '../gateway-protocol/headers.js';
import { isHead, joined, responseOf, type AnswerHead } from './answer.js';
import type { Answering } from './attempts.js';
import type { Pace } from './pace.js';
import { GatewayRefusal } from './refusal.js';

export interface ResponseOptions {
  /** Whether the answer comes in pieces, where it is no error. */
  readonly inPieces: boolean;
  /** How much of it may wait for its caller, in bytes. */
  readonly maxWaiting: number;
  /** Headers that every answer to this request has. */
  readonly headers: Readonly<Record<string, string>>;
  /** Told of the head of what is answered. */
  readonly onHead: (head: AnswerHead, replayed: boolean) => void;
  /** Told where the rest comes as a stream. */
  readonly onStream: () => void;
}

type Piece = Uint8Array<ArrayBuffer>;

/** How much waits before whoever sends is asked to wait, in bytes. */
const enough = 65_536;

/** Subscribes at once; cancelling the stream is the caller's going. Rejects with what came in place of a head. */
export function toResponse(
  answering$: Observable<Answering>,
  { inPieces, maxWaiting, headers, onHead, onStream }: ResponseOptions,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let head: AnswerHead | undefined;
    let body: Body | undefined;
    const pieces: Piece[] = [];
    const subscription = new Subscription();
    let more = headers;
    subscription.add(
      answering$.subscribe({
        next({ part, replayed, pace }) {
          if (isHead(part)) {
            head = part;
            if (replayed) more = { ...headers, [replayedHeader]: 'true' };
            onHead(part, replayed);
            if (!inPieces || part.code !== undefined) return;
            body = new Body(pace, maxWaiting, () => subscription.unsubscribe());
            onStream();
            resolve(responseOf(part, body.stream, more));
          } else if (body !== undefined) body.push(part);
          else pieces.push(part);
        },
        error(error: unknown) {
          body?.fail(error);
          reject(error instanceof Error ? error : new Error('The answer failed'));
        },
        complete() {
          body?.end();
          if (head === undefined) reject(new Error('There was no answer'));
          else if (body === undefined) resolve(responseOf(head, joined(pieces), more));
        },
      }),
    );
  });
}

/** The body of an answer that comes in pieces. */
class Body {
  readonly stream: ReadableStream<Piece>;
  private controller: ReadableStreamDefaultController<Piece> | undefined;
  private isOver = false;

  constructor(
    private readonly pace: Pace,
    private readonly maxWaiting: number,
    private readonly leave: () => void,
  ) {
    this.stream = new ReadableStream<Piece>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.pace.set(this, false),
        cancel: () => {
          this.over();
          this.leave();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: enough }),
    );
  }

  push(piece: Piece): void {
    // An empty piece is none that a stream of bytes could have.
    if (this.isOver || piece.length === 0) return;
    this.controller?.enqueue(piece);
    const room = this.controller?.desiredSize ?? 0;
    if (enough - room > this.maxWaiting + enough) {
      this.fail(new GatewayRefusal('Gateway.RequestTimeout', 'The answer was read too slowly'));
      this.leave();
    } else if (room <= 0) this.pace.set(this, true);
  }

  end(): void {
    if (this.over()) this.controller?.close();
  }

  /** Whoever reads it sees that it is not whole. */
  fail(error: unknown): void {
    if (this.over()) this.controller?.error(error);
  }

  /** Whether it was not over before. */
  private over(): boolean {
    this.pace.set(this, false);
    if (this.isOver) return false;
    this.isOver = true;
    return true;
  }
}
