import { sha256Hex } from '#sha256';
import { randomUUID } from '#platform';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  from,
  ignoreElements,
  map,
  merge,
  Subject,
  take,
  tap,
  throwError,
  type Observable,
} from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import type { Closing, GateHost, GateState, GateStore, LocalGate } from '../throttling/gate-store.js';
import { listen, listenToChannel, type RedisClient } from './connection.js';
import { gateScripts } from './gate-scripts.js';
import { unavailable, type RedisLink, type RunOptions } from './redis-link.js';
import type { RedisScript } from './scripts.js';

export interface RedisGatesOptions {
  readonly connection: RedisClient;
  readonly link: RedisLink;
  /** What the names of the key and of the channel begin with. */
  readonly prefix: string;
  /** For how long a probe is lent to a process, in milliseconds. */
  readonly leaseTime: number;
  readonly whenUnavailable: 'local' | 'fail';
}

/** While calls are made, it is looked this often whether a message was missed, in milliseconds. */
const longestSilence = 5000;

/** How many accounts' names are kept. */
const accountsKept = 1000;

/** How many names of other data are kept. */
const foreignKept = 100;

/** Gates in Redis: a hash has all that are not open, and a channel tells what becomes of them. */
export class RedisGates implements GateStore {
  readonly goesOnAlone: boolean;
  readonly renewAfter: number;
  private readonly me = randomUUID();
  private readonly key: string;
  private readonly accounts = new Map<string, string>();
  /** Which data it is: another once Redis has lost it. */
  private generation = '';
  /** How many messages were published, as far as was heard; and as far as was told the last time that it was looked. */
  private heard = 0;
  private published = 0;
  /** Of other data: another database of the same server has the same channels. */
  private readonly foreign = new Set<string>();
  private isKnown = false;
  private isAsking = false;
  private askAgain = false;
  private lookedAt = -Infinity;
  /** Emits when something was asked, whatever came of it. */
  private readonly looked = new Subject<void>();
  private stopListening: (() => void) | undefined = undefined;

  constructor(
    private readonly host: GateHost,
    private readonly options: RedisGatesOptions,
  ) {
    const { connection, link, prefix, leaseTime, whenUnavailable } = options;
    this.key = `${prefix}gates`;
    this.goesOnAlone = whenUnavailable === 'local';
    this.renewAfter = leaseTime / 3;
    link.changes$.subscribe((available) => {
      if (available) this.synchronise();
      else this.host.lost(unavailable('it does not answer'));
    });
    // The owner's connection has been away; where it was closed for good, what listens is closed with it.
    listen(connection, 'ready', () => this.connect());
    listen(connection, 'end', () => this.disconnect());
    this.connect();
  }

  get available(): boolean {
    return this.options.link.available;
  }

  idOf(account: string): string {
    const known = this.accounts.get(account);
    if (known !== undefined) return known;
    if (this.accounts.size >= accountsKept) this.accounts.clear();
    const id = sha256Hex(account).slice(0, 32);
    this.accounts.set(account, id);
    return id;
  }

  isCurrent(): boolean {
    const { link } = this.options;
    const now = monotonicNow();
    if (now - this.lookedAt >= (this.goesOnAlone && link.available ? longestSilence : link.timeout / 2)) this.look(now);
    if (!this.isKnown) return false;
    return this.goesOnAlone || (link.available && now - link.heardAt <= link.timeout);
  }

  readonly current$ = defer((): Observable<never> => {
    if (this.isCurrent()) return EMPTY;
    const { link } = this.options;
    const away$ = throwError(() => unavailable('it does not answer'));
    if (!this.goesOnAlone && !link.available) return away$;
    const looked$ = this.looked.pipe(take(1), ignoreElements());
    const looking$ = defer(() => {
      this.look(monotonicNow());
      return EMPTY;
    });
    const answered$ = defer(() => (this.goesOnAlone || link.available ? EMPTY : away$));
    return concat(merge(looked$, looking$), answered$);
  });

  close(id: string, { epoch, wait, longest }: Closing): Observable<GateState | undefined> {
    const waits = [wait, longest].map((time) => (time === undefined || time === Infinity ? '' : Math.ceil(time)));
    return this.run(gateScripts.close, [id, epoch, ...waits]).pipe(map(stateOf));
  }

  probe(id: string, late: (state: GateState | undefined) => void): Observable<GateState | undefined> {
    return this.run(gateScripts.probe, [id], { late: (reply) => late(stateOf(reply)) }).pipe(map(stateOf));
  }

  open(id: string, epoch: number): void {
    this.tell(gateScripts.open, id, epoch);
  }

  release(id: string, epoch: number): void {
    this.tell(gateScripts.release, id, epoch);
  }

  private connect(): void {
    this.stopListening ??= listenToChannel(this.options.connection, this.key, {
      message: (text) => this.hear(text),
      subscribed: () => this.synchronise(),
    });
    this.synchronise();
  }

  private disconnect(): void {
    this.stopListening?.();
    this.stopListening = undefined;
  }

  /** Looks whether something was missed; `looked` tells when that is done. */
  private look(now: number): void {
    this.lookedAt = now;
    if (this.isAsking) return;
    if (!this.isKnown || !this.available) return this.synchronise();
    this.ask(gateScripts.beat, [''], (reply) => {
      const [generation, version] = listOf(reply);
      // What was published just now may be on its way.
      if (generation !== this.generation || this.heard < this.published) this.askAgain = true;
      this.published = Number(version);
    });
  }

  /** Tells and asks all that may have been missed. */
  private synchronise(): void {
    if (this.isAsking) {
      this.askAgain = true;
      return;
    }
    this.askAgain = false;
    const local = this.host.local.flatMap(wordsOf);
    this.ask(gateScripts.synchronise, ['', this.generation, ...local], (reply) => {
      const [generation, version, gates] = listOf(reply);
      this.heard = Math.max(generation === this.generation ? this.heard : 0, Number(version));
      this.published = this.heard;
      this.generation = String(generation);
      this.isKnown = true;
      this.host.synchronised(statesOf(gates));
    });
  }

  private ask(script: RedisScript, args: readonly (string | number)[], answered: (reply: unknown) => void): void {
    this.isAsking = true;
    this.run(script, args)
      .pipe(
        tap(answered),
        catchError(() => {
          // As much as can be known: calls wait for that once.
          this.isKnown = true;
          return EMPTY;
        }),
      )
      .subscribe({
        complete: () => {
          this.isAsking = false;
          this.looked.next();
          if (this.askAgain) this.synchronise();
        },
      });
  }

  private hear(text: string): void {
    const [generation = '', version, kind, id = '', ...words] = text.split(' ');
    if (generation !== this.generation) {
      if (this.foreign.has(generation)) return;
      if (this.foreign.size >= foreignKept) this.foreign.clear();
      this.foreign.add(generation);
      return this.synchronise();
    }
    if (Number(version) > this.heard + 1) this.synchronise();
    this.heard = Math.max(this.heard, Number(version));
    const state = stateOf(words);
    if (state === undefined) return;
    if (kind === 'open') this.host.opened(id, state.epoch);
    else this.host.changed(id, state);
  }

  private tell(script: RedisScript, id: string, epoch: number): void {
    // Where it is lost, the probe's time runs out.
    this.run(script, [id, epoch]).subscribe({ error: () => undefined });
  }

  private run(script: RedisScript, args: readonly (string | number)[], options?: RunOptions): Observable<unknown> {
    const { link, leaseTime } = this.options;
    return defer(() => from(link.run(script, [this.key], [this.me, this.key, leaseTime, ...args], options)));
  }
}

function listOf(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}

function wordsOf({ id, epoch, remaining, asked, inARow, isProbing }: LocalGate): (string | number)[] {
  return [id, epoch, Math.ceil(remaining), Math.ceil(asked), inARow, isProbing ? 1 : 0];
}

function statesOf(gates: unknown): ReadonlyMap<string, GateState> {
  return new Map(
    listOf(gates).flatMap((each) => {
      const [id, words] = listOf(each);
      const state = stateOf(words);
      return state === undefined ? [] : [[String(id), state] as const];
    }),
  );
}

/** As the scripts' `state` writes it; nothing of a gate that is open. */
function stateOf(words: unknown): GateState | undefined {
  const [epoch, remaining = 0, asked = 0, inARow = 0, probeLeft = 0, isMine] = listOf(words).map(Number);
  return epoch === undefined ? undefined : { epoch, remaining, asked, inARow, probeLeft, isMine: isMine === 1 };
}
