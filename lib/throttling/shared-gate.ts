import { repeat, timer, type Subscription } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import { Gate, type Grant } from './gate.js';
import type { GateState, GateStore, LocalGate } from './gate-store.js';

/**
 * How calls that wait may pass once it is not closed any more: `none` before it is known who tries first, `asked` until that is
 * told, `probe` for the first one, `open` when one was let through anywhere, and `alone` where nobody can be asked.
 */
type Right = 'none' | 'asked' | 'probe' | 'open' | 'alone';

/**
 * A gate that several processes have in common: it closes for all of them, one probe goes for all, and when that is let through
 * each lets its own calls follow.
 */
export class SharedGate extends Gate {
  private right: Right = 'none';
  /** Of the last closing that is known to all; 0 before the first. */
  private known = 0;
  /** How many times it was closed here that have yet to be told. */
  private telling = 0;
  /** Until when the probe is another's, by `monotonicNow()`. */
  private deniedUntil = 0;
  /** How often it was told of something that it had not asked for. */
  private heard = 0;
  private renewing: Subscription | undefined = undefined;

  constructor(
    private readonly id: string,
    private readonly store: GateStore,
    recovered: () => void,
  ) {
    super(recovered);
  }

  /** What others have to know of it; `undefined` where it is open. */
  get state(): LocalGate | undefined {
    const { id, known: epoch, right, remaining, inARow } = this;
    // Alone, one was let through.
    if (right === 'open' || (right === 'alone' && this.allowed > 1)) return undefined;
    const asked = Math.max(remaining, this.askedUntil - monotonicNow());
    return { id, epoch, remaining, asked, inARow, isProbing: right === 'probe' };
  }

  override close(wait: number | undefined, grant: Grant | undefined, longest = Infinity): void {
    const isHeld = this.holds(grant);
    if (wait === undefined && !isHeld && this.epoch !== 0) return;
    const epoch = isHeld ? this.known : 0;
    this.telling++;
    this.setRight('none');
    super.close(wait, grant, longest);
    const { id, store, heard } = this;
    store.close(id, { epoch, wait, longest }).subscribe({
      next: (state) => {
        this.telling--;
        if (state !== undefined) this.adopt(state, heard === this.heard);
        // Where it was older than what has been heard meanwhile, those that wait have to go on nevertheless.
        this.serve();
      },
      error: () => {
        this.telling--;
        this.serve();
      },
    });
  }

  override succeed(remain: number | undefined): void {
    if (this.right !== 'open' && this.right !== 'alone') {
      this.setRight('open');
      this.store.open(this.id, this.known);
    }
    super.succeed(remain);
  }

  /** What has to be as it was when something was asked, for the answer to be the latest that is known. */
  get seen(): number {
    return this.heard;
  }

  /** Somebody has said that it is closed for all, or that who has the probe has changed. */
  changed(state: GateState): void {
    this.heard++;
    this.adopt(state);
  }

  /** The same, as the answer to a question that was asked when it had `seen` that. */
  synchronised(state: GateState, seen: number | undefined): void {
    this.adopt(state, seen === this.heard);
  }

  private adopt(state: GateState, isLatest = true): void {
    if (state.epoch < this.known) return;
    const { remaining, asked, inARow, probeLeft, isMine } = state;
    if (state.epoch > this.known) {
      this.known = state.epoch;
      this.inARow = inARow;
      this.setRight('none');
      this.deny(state);
      return this.closeFor(remaining, asked);
    }
    if (this.right === 'open' || !isLatest) return;
    if (this.right !== 'probe') {
      const now = monotonicNow();
      this.closedFor = remaining;
      this.opensAt = now + remaining;
      this.askedUntil = now + asked;
      // That this process has it is told to who has asked for it.
      this.deny(state);
    } else if (!isMine && probeLeft > 0) {
      // It took too long to say that it is still this one's.
      this.setRight('none');
      this.deny(state);
    }
    this.serve();
  }

  /** Somebody's probe was let through, or nobody has closed it for long. */
  opened(epoch = this.known): void {
    if (this.telling > 0 || epoch < this.known) return;
    if (this.right !== 'open') {
      this.setRight('open');
      this.inARow = 0;
      this.closedFor = 0;
      this.deniedUntil = 0;
      this.allowed = Math.max(this.allowed, 2);
      this.serve();
    }
    if (!this.isWaitedFor) this.recovered();
  }

  /** What was known alone counts no more, now that the others can be asked again. */
  rejoin(): void {
    if (this.right !== 'alone') return;
    this.setRight('none');
    this.allowed = 1;
    this.serve();
  }

  protected override serve(): void {
    super.serve();
    this.giveBackUnused();
  }

  protected override mayPass(): boolean {
    if (this.right === 'none' && this.telling === 0 && this.deniedFor === 0) this.ask();
    return this.right !== 'none' && this.right !== 'asked';
  }

  protected override nextLook(): number | undefined {
    if (this.right === 'asked' || (this.right === 'none' && this.telling > 0)) return undefined;
    return this.right === 'none' ? Math.max(this.remaining, this.deniedFor) : this.remaining;
  }

  private get deniedFor(): number {
    return Math.max(0, this.deniedUntil - monotonicNow());
  }

  private deny({ remaining, probeLeft, isMine }: GateState): void {
    this.deniedUntil = remaining === 0 && !isMine ? monotonicNow() + probeLeft : 0;
  }

  private ask(): void {
    this.setRight('asked');
    const { id, store, heard } = this;
    const late = (state: GateState | undefined): void => {
      if (state?.isMine === true && this.right !== 'probe') store.release(id, state.epoch);
    };
    store.probe(id, late).subscribe({
      next: (state) => {
        // The gate has been closed or opened meanwhile.
        if (this.right !== 'asked') return late(state);
        this.right = 'none';
        if (state === undefined) this.opened();
        else if (state.isMine && state.remaining === 0) this.begin(state);
        // What is told overtakes answers: that somebody else has the probe may be over by now.
        else this.adopt(state, heard === this.heard);
        this.serve();
      },
      error: (error: Error) => {
        if (this.right !== 'asked') return;
        this.right = 'none';
        if (store.goesOnAlone) this.setRight('alone');
        else this.fail(error);
        this.serve();
      },
    });
  }

  /** The probe is this process's. */
  private begin(state: GateState): void {
    this.setRight('probe');
    this.inARow = state.inARow;
    if (state.epoch > this.known) {
      // Nobody has said yet that it was closed once more.
      this.known = state.epoch;
      return this.closeFor(0, state.asked);
    }
    this.closedFor = 0;
    this.serve();
  }

  /** Where nobody here has used the probe, it is for others. */
  private giveBackUnused(): void {
    if (this.serving || this.right !== 'probe' || this.inFlight > 0) return;
    this.setRight('none');
    this.store.release(this.id, this.known);
  }

  private setRight(right: Right): void {
    this.right = right;
    this.renewing?.unsubscribe();
    this.renewing = right === 'probe' ? this.keepProbe() : undefined;
  }

  private keepProbe(): Subscription {
    const { id, store } = this;
    return timer(store.renewAfter)
      .pipe(repeat())
      .subscribe(() => {
        store
          .probe(id, () => undefined)
          .subscribe({
            next: (state) => {
              if (state !== undefined && this.right === 'probe') this.adopt(state);
            },
            // It is kept for as long as it was given.
            error: () => undefined,
          });
      });
  }
}
