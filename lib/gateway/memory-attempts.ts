/** Attempts remembered in memory, of one gateway. */
import { monotonicNow } from '../clock/monotonic.js';
import { checkOptions, integerFrom, type Rules } from '../schema/options.js';
import type { AttemptClaim, AttemptState, AttemptStore, StoredAnswer } from './attempt-store.js';

export interface MemoryAttemptsOptions {
  /** How many attempts are remembered: an integer >= 1. Where there are more, what may be executed twice is forgotten first, and then no more are taken of a session that has as many writes as there is room left. @default 100000 */
  readonly maxAttempts?: number | undefined;
  /** How much of their answers is kept, in bytes: an integer >= 0. Beyond it the oldest are let go, of the session that has more than others before theirs: that they were made is remembered. @default 67108864, which is 64 MiB */
  readonly maxBytes?: number | undefined;
}

/** What one session has here. */
interface Share {
  /** How many of its attempts can't be forgotten: those that are being made, and writes. */
  fixed: number;
  /** Of its answers. */
  bytes: number;
  /** Those with an answer, in the order in which they got it. */
  readonly answered: Map<string, Entry>;
}

interface Entry {
  readonly fingerprint: string;
  readonly owner: string;
  readonly mayRepeat: boolean;
  readonly session: string;
  readonly share: Share;
  readonly expiresAt: number;
  readonly isAnswered: boolean;
  answer?: StoredAnswer | undefined;
}

/**
 * Remembers attempts in memory: of one gateway, and no longer than its process lives.
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function memoryAttempts(options: MemoryAttemptsOptions = {}): AttemptStore {
  checkOptions<MemoryAttemptsOptions>(options, rules, 'memoryAttempts.');
  const store = new MemoryAttempts(options.maxAttempts ?? 100_000, options.maxBytes ?? 64 * 2 ** 20);
  const settled = <T>(act: () => T): Promise<T> => new Promise((resolve) => resolve(act()));
  return {
    claim: (claim) => settled(() => store.claim(claim)),
    // Its owner is here, as long as there is anybody to ask.
    renew: () => Promise.resolve(),
    answer: (claim, answer) => settled(() => store.answer(claim, answer)),
    release: (claim) => settled(() => store.release(claim)),
  };
}

const rules: Rules<MemoryAttemptsOptions> = { maxAttempts: integerFrom(1), maxBytes: integerFrom(0) };

/** In all maps, the oldest is first. */
class MemoryAttempts {
  /** In the order in which they were claimed, then answered, and so about that in which they expire. */
  private readonly entries = new Map<string, Entry>();
  /** Those with an answer. */
  private readonly answered = new Map<string, Entry>();
  /** Those with an answer that may be executed again. */
  private readonly reads = new Set<string>();
  private readonly shares = new Map<string, Share>();
  private fixed = 0;
  private bytes = 0;

  constructor(
    private readonly maxAttempts: number,
    private readonly maxBytes: number,
  ) {}

  claim({ key, session, fingerprint, owner, keepFor, takeOver }: AttemptClaim): AttemptState {
    this.expire();
    const known = this.entries.get(key);
    if (known !== undefined) {
      if (!known.isAnswered) return { state: 'running', fingerprint: known.fingerprint };
      const isGone = known.answer === undefined && takeOver && known.fingerprint === fingerprint;
      if (!isGone) return { state: 'answered', fingerprint: known.fingerprint, answer: known.answer };
      this.forget(key);
    }
    const share = this.shares.get(session) ?? { fixed: 0, bytes: 0, answered: new Map<string, Entry>() };
    // A session gets no more than it leaves for others: however many there are, one more has room.
    if (share.fixed >= this.maxAttempts - this.fixed) return { state: 'full' };
    if (this.entries.size >= this.maxAttempts) this.makeRoom();
    this.shares.set(session, share);
    const expiresAt = monotonicNow() + keepFor;
    this.add(key, { fingerprint, owner, mayRepeat: takeOver, session, share, expiresAt, isAnswered: false });
    return { state: 'claimed' };
  }

  answer({ key, owner, keepFor }: AttemptClaim, answer: StoredAnswer | undefined): void {
    const claimed = this.entries.get(key);
    if (claimed?.owner !== owner) return;
    this.forget(key);
    const entry: Entry = { ...claimed, expiresAt: monotonicNow() + keepFor, isAnswered: true, answer };
    this.shares.set(entry.session, entry.share);
    this.add(key, entry);
    if (answer === undefined) return;
    this.answered.set(key, entry);
    entry.share.answered.set(key, entry);
    entry.share.bytes += answer.body.length;
    this.bytes += answer.body.length;
    while (this.bytes > this.maxBytes) this.letGo(this.nextToLetGo(entry.share));
  }

  release({ key, owner }: AttemptClaim): void {
    if (this.entries.get(key)?.owner === owner) this.forget(key);
  }

  private add(key: string, entry: Entry): void {
    this.entries.set(key, entry);
    if (entry.isAnswered && entry.mayRepeat) this.reads.add(key);
    else this.fix(entry, 1);
  }

  private fix({ share }: Entry, by: 1 | -1): void {
    share.fixed += by;
    this.fixed += by;
  }

  /** The oldest of all, but where the session that has just added to its own has more than that: then its own oldest. */
  private nextToLetGo(own: Share): string {
    const [oldest] = this.answered;
    const [ownOldest = ''] = own.answered.keys();
    return oldest !== undefined && oldest[1].share.bytes >= own.bytes ? oldest[0] : ownOldest;
  }

  /** One that is still being made stays. */
  private expire(): void {
    const now = monotonicNow();
    for (const [key, { expiresAt, isAnswered }] of this.entries) {
      if (expiresAt > now) break;
      if (isAnswered) this.forget(key);
    }
  }

  private makeRoom(): void {
    for (const oldest of this.reads) return this.forget(oldest);
  }

  private forget(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.letGo(key);
    this.entries.delete(key);
    if (!this.reads.delete(key)) this.fix(entry, -1);
    const { session, share } = entry;
    if (share.fixed === 0 && share.answered.size === 0 && this.shares.get(session) === share)
      this.shares.delete(session);
  }

  /** Its answer alone. */
  private letGo(key: string): void {
    const entry = this.answered.get(key);
    if (entry === undefined) return;
    const length = entry.answer?.body.length ?? 0;
    this.bytes -= length;
    entry.share.bytes -= length;
    entry.answer = undefined;
    this.answered.delete(key);
    entry.share.answered.delete(key);
  }
}
