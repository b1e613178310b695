/** Attempts remembered in memory, of one gateway. */
import { monotonicNow } from '../clock/monotonic.js';
import { checkOptions, integerFrom, type Rules } from '../schema/options.js';
import type { AttemptClaim, AttemptState, AttemptStore, StoredAnswer } from './attempt-store.js';

export interface MemoryAttemptsOptions {
  /** How many attempts are remembered: an integer >= 1. Where there are more, what may be executed twice is forgotten first, and then no more are taken. @default 100000 */
  readonly maxAttempts?: number | undefined;
  /** How much of their answers is kept, in bytes: an integer >= 0. Beyond it the oldest are let go: that they were made is remembered. @default 67108864, which is 64 MiB */
  readonly maxBytes?: number | undefined;
}

interface Entry {
  readonly fingerprint: string;
  readonly owner: string;
  readonly mayRepeat: boolean;
  readonly expiresAt: number;
  /** When its owner is taken for gone, unless it says otherwise. */
  heldUntil: number;
  isAnswered: boolean;
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
    renew: (claim) => settled(() => store.renew(claim)),
    answer: (claim, answer) => settled(() => store.answer(claim, answer)),
    release: (claim) => settled(() => store.release(claim)),
  };
}

const rules: Rules<MemoryAttemptsOptions> = { maxAttempts: integerFrom(1), maxBytes: integerFrom(0) };

class MemoryAttempts {
  /** In the order in which they were claimed, and so about that in which they expire. */
  private readonly entries = new Map<string, Entry>();
  /** Those with an answer, in the order in which they got it. */
  private readonly answered = new Map<string, Entry>();
  /** Those with an answer that may be executed again. */
  private readonly reads = new Set<string>();
  private bytes = 0;

  constructor(
    private readonly maxAttempts: number,
    private readonly maxBytes: number,
  ) {}

  claim({ key, fingerprint, owner, lease, keepFor, takeOver }: AttemptClaim): AttemptState {
    this.expire();
    const known = this.entries.get(key);
    if (known !== undefined) {
      if (isHeld(known)) return { state: 'running', fingerprint: known.fingerprint };
      const isGone = known.answer === undefined && takeOver && known.fingerprint === fingerprint;
      if (!isGone) {
        return known.isAnswered
          ? { state: 'answered', fingerprint: known.fingerprint, answer: known.answer }
          : { state: 'lost', fingerprint: known.fingerprint };
      }
      this.forget(key);
    }
    if (this.entries.size >= this.maxAttempts && !this.makeRoom()) return { state: 'full' };
    const now = monotonicNow();
    const [expiresAt, heldUntil] = [now + keepFor, now + lease];
    this.entries.set(key, { fingerprint, owner, mayRepeat: takeOver, expiresAt, heldUntil, isAnswered: false });
    return { state: 'claimed' };
  }

  renew({ key, owner, lease }: AttemptClaim): void {
    const entry = this.entries.get(key);
    if (entry?.owner === owner) entry.heldUntil = monotonicNow() + lease;
  }

  answer({ key, owner }: AttemptClaim, answer: StoredAnswer | undefined): void {
    const entry = this.entries.get(key);
    if (entry?.owner !== owner) return;
    entry.isAnswered = true;
    if (entry.mayRepeat) this.reads.add(key);
    if (answer === undefined) return;
    entry.answer = answer;
    this.answered.set(key, entry);
    this.bytes += answer.body.length;
    for (const oldest of this.answered.keys()) {
      if (this.bytes <= this.maxBytes) break;
      this.letGo(oldest);
    }
  }

  release({ key, owner }: AttemptClaim): void {
    if (this.entries.get(key)?.owner === owner) this.forget(key);
  }

  /** The oldest first; one that is still being made stays. */
  private expire(): void {
    const now = monotonicNow();
    for (const [key, entry] of this.entries) {
      if (entry.expiresAt > now) break;
      if (!isHeld(entry)) this.forget(key);
    }
  }

  private makeRoom(): boolean {
    const [oldest] = this.reads;
    if (oldest === undefined) return false;
    this.forget(oldest);
    return true;
  }

  private forget(key: string): void {
    this.letGo(key);
    this.reads.delete(key);
    this.entries.delete(key);
  }

  /** Its answer alone. */
  private letGo(key: string): void {
    const entry = this.answered.get(key);
    if (entry === undefined) return;
    this.bytes -= entry.answer?.body.length ?? 0;
    entry.answer = undefined;
    this.answered.delete(key);
  }
}

/** Whether somebody is making it, as far as is known. */
function isHeld({ isAnswered, heldUntil }: Entry): boolean {
  return !isAnswered && heldUntil > monotonicNow();
}
