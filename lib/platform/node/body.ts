/** Where the pieces of an answer's body go. */
import { Readable } from 'node:stream';
import { decompress, decompressed } from './compression.js';
import { textOf } from './text.js';
import { tooLong } from '../too-long.js';

export interface Body {
  /** `false`: no more until `resume` is called. */
  write(piece: Buffer): boolean;
  end(): void;
  fail(error: Error): void;
}

export interface WholeBodyOptions {
  readonly origin: string;
  readonly isText: boolean;
  readonly encoding: string | undefined;
  /** In bytes, after decompression; 0 is no limit. */
  readonly limit: number;
}

/** Whose body it is. */
export interface BodyOwner {
  succeed(data: string | Buffer): void;
  fail(error: unknown): void;
}

/** Keeps the pieces, and gives them as one: a text, or bytes. Most answers are one piece, which is never copied. */
export class WholeBody implements Body {
  private readonly pieces: Buffer[] = [];
  private length = 0;

  constructor(
    private readonly options: WholeBodyOptions,
    private readonly owner: BodyOwner,
  ) {}

  write(piece: Buffer): boolean {
    this.length += piece.length;
    const { limit, origin } = this.options;
    if (limit > 0 && this.length > limit) {
      this.owner.fail(tooLong(origin, limit));
      return false;
    }
    this.pieces.push(piece);
    return true;
  }

  end(): void {
    const { encoding, origin, limit } = this.options;
    const bytes = this.pieces.length === 1 ? this.pieces[0] : undefined;
    const whole = bytes ?? Buffer.concat(this.pieces, this.length);
    if (encoding === undefined) return this.done(whole);
    decompress(encoding, whole, limit, (error, decompressed) => {
      if (decompressed !== undefined) this.done(decompressed);
      else this.owner.fail(error?.code === 'ERR_BUFFER_TOO_LARGE' ? tooLong(origin, limit) : error);
    });
  }

  fail(): void {
    this.pieces.length = 0;
  }

  private done(bytes: Buffer): void {
    this.owner.succeed(this.options.isText ? textOf(bytes) : bytes);
  }
}

/** Hands the pieces on as they come, no faster than they are read. */
export class StreamedBody implements Body {
  readonly readable: Readable;
  private readonly source: Readable;

  constructor(encoding: string | undefined, resume: () => void, onClosed: () => void) {
    this.source = new Readable({
      read: resume,
      destroy(error, callback) {
        onClosed();
        callback(error);
      },
    });
    this.readable = encoding === undefined ? this.source : decompressed(encoding, this.source);
    // Whoever reads hears of an error; where nobody does yet, it must not end the process.
    this.readable.on('error', ignore);
  }

  write(piece: Buffer): boolean {
    return this.source.push(piece);
  }

  end(): void {
    this.source.push(null);
  }

  fail(error: Error): void {
    this.source.destroy(error);
  }
}

function ignore(): void {
  // Its reader does not.
}
