/** The parts of an answer under way, for all who wait for it: whoever comes later gets what came before, too. */
import { defer, EMPTY, from, concat, Subject, throwError, type Observable } from 'rxjs';
import { isHead, joined, type AnswerPart } from './answer.js';
import type { StoredAnswer } from './attempt-store.js';

export class Recording {
  private kept: AnswerPart[] | undefined = [];
  private length = 0;
  private readonly live = new Subject<AnswerPart>();

  /** `maxLength` is how much of it is kept, in bytes. */
  constructor(private readonly maxLength: number) {}

  /** Whether what came before can still be had. */
  get isWhole(): boolean {
    return this.kept !== undefined;
  }

  /** From the beginning on. Errors where that is kept no longer. */
  readonly parts$: Observable<AnswerPart> = defer(() => {
    if (this.kept === undefined) return throwError(() => new Error('The beginning is gone'));
    return this.kept.length === 0 ? this.live : concat(from([...this.kept]), this.live);
  });

  next(part: AnswerPart): void {
    if (this.kept !== undefined) {
      this.length += isHead(part) ? 0 : part.length;
      if (this.length <= this.maxLength) this.kept.push(part);
      else this.kept = undefined;
    }
    this.live.next(part);
  }

  error(error: unknown): void {
    this.live.error(error);
  }

  complete(): void {
    this.live.complete();
  }

  /** All of it, once it is complete; `undefined` where it was too long. */
  get answer(): StoredAnswer | undefined {
    const [head, ...pieces] = this.kept ?? [];
    if (head === undefined || !isHead(head)) return undefined;
    const body = joined(pieces);
    return {
      status: head.status,
      headers: head.headers,
      ...(head.code === undefined ? {} : { code: head.code }),
      body,
    };
  }
}

/** An answer that was remembered, as its parts. */
export function partsOfStored({ status, headers, code, body }: StoredAnswer): Observable<AnswerPart> {
  const head: AnswerPart = { status, headers, code };
  return concat(from([head]), body.length === 0 ? EMPTY : from([new Uint8Array(body)]));
}
