import type { Drift } from '../schema/lenient-type.js';
import type { HttpResponse } from '../transport/transport.js';

/** What of an answer is not what the operation's description says. */
export interface Misfit {
  readonly response: HttpResponse;
  /** `undefined` where it is not what was `expected`. The parser's own error is left out: it quotes the text, secrets and all. */
  readonly drift: Drift | undefined;
  /** What it is not as a whole: JSON, unless it says so. */
  readonly expected?: string | undefined;
}

/** An answer that is not the operation's response: what it amounts to is read, and its secrets masked, where failures are handled. */
export class UnfitAnswer extends Error {
  constructor(
    readonly action: string,
    readonly response: HttpResponse,
    /** `undefined` where the server has refused. */
    readonly misfit?: Misfit,
  ) {
    super('unfit');
  }
}
