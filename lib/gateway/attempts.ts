/** Makes each attempt once, whoever asks for it how often: by its id, its session, and what is asked for. */
import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  interval,
  map,
  Observable,
  repeat,
  Subscription,
  take,
  throwError,
  timeout,
} from 'rxjs';
import type { AnswerPart } from './answer.js';
import type { AttemptClaim, AttemptState, AttemptStore, StoredAnswer } from './attempt-store.js';
import type { Pace } from './pace.js';
import { Recording, partsOfStored } from './recording.js';
import { GatewayRefusal } from './refusal.js';

export interface Attempt {
  /** Of the session and the attempt. */
  readonly key: string;
  /** The id of the session. */
  readonly session: string;
  /** Of the operation and the bytes of the request. */
  readonly fingerprint: string;
  /** Whether it may be executed twice: then it is cancelled when nobody waits for it, and made again where its answer is gone. */
  readonly isRead: boolean;
  /** How much of its answer is kept while it is under way, in bytes. */
  readonly maxLength: number;
  /** Whether nothing was sent of it, which is known when it has ended: then it may be made again. */
  readonly isUnsent: () => boolean;
  /** Makes it. Cold, and subscribed to once. */
  readonly send: () => Observable<AnswerPart>;
  /** Of all who read its answer. */
  readonly pace: Pace;
}

export interface Answering {
  /** Whether the answer is that of an earlier request. */
  readonly replayed: boolean;
  readonly part: AnswerPart;
  /** Of the attempt that gives it. */
  readonly pace: Pace;
}

export interface AttemptSettings {
  readonly store: AttemptStore;
  /** In milliseconds. */
  readonly keepFor: number;
  /** In milliseconds. */
  readonly lease: number;
  /** In bytes. */
  readonly maxAnswerSize: number;
}

/** How long a store may take for what it is asked, in milliseconds. */
const storeTimeout = 5000;

/** How often another gateway is looked at that makes an attempt, in milliseconds. */
const pollInterval = 200;

export class Attempts {
  private readonly underWay = new Map<string, Execution>();

  /** `onIdle` is told when none is being made any more. */
  constructor(
    private readonly settings: AttemptSettings,
    private readonly onIdle: () => void,
  ) {}

  /** How many are being made. */
  get count(): number {
    return this.underWay.size;
  }

  /** Ends all of them; whoever waits gets the error. */
  abort(error: GatewayRefusal): void {
    for (const execution of [...this.underWay.values()]) execution.abort(error);
  }

  /** The answer to an attempt: made now, waited for, or given again. Cold; unsubscribing takes one of its readers away. */
  perform(attempt: Attempt): Observable<Answering> {
    return defer(() => {
      const known = this.underWay.get(attempt.key);
      if (known !== undefined) {
        if (known.attempt.fingerprint !== attempt.fingerprint) throw mismatch();
        if (known.recording.isWhole) return known.join(true);
        if (!attempt.isRead) throw notKept();
      }
      const execution = new Execution(attempt, this.settings, () => {
        if (this.underWay.get(attempt.key) === execution) this.underWay.delete(attempt.key);
        if (this.underWay.size === 0) this.onIdle();
      });
      this.underWay.set(attempt.key, execution);
      return execution.join(false);
    });
  }
}

type SettledState = Exclude<AttemptState, { readonly state: 'running' }>;

/** An attempt under way, with all who wait for it. */
class Execution {
  readonly recording: Recording;
  private readers = 0;
  private isReplayed = false;
  private isOver = false;
  /** Whether it was claimed here, so that it is sent. */
  private isMade = false;
  private readonly work = new Subscription();
  private readonly claim: AttemptClaim;

  constructor(
    readonly attempt: Attempt,
    private readonly settings: AttemptSettings,
    private readonly onOver: () => void,
  ) {
    const { key, session, fingerprint, isRead, maxLength } = attempt;
    const { lease, keepFor } = settings;
    this.recording = new Recording(maxLength);
    this.claim = { key, session, fingerprint, owner: crypto.randomUUID(), lease, keepFor, takeOver: isRead };
  }

  join(isLater: boolean): Observable<Answering> {
    return new Observable<Answering>((subscriber) => {
      this.readers++;
      subscriber.add(() => this.leave());
      subscriber.add(
        this.recording.parts$
          .pipe(map((part) => ({ part, replayed: isLater || this.isReplayed, pace: this.attempt.pace })))
          .subscribe(subscriber),
      );
      if (!isLater) this.start();
    });
  }

  abort(error: GatewayRefusal): void {
    this.isOver = true;
    this.work.unsubscribe();
    this.recording.error(error);
  }

  private start(): void {
    const outcome$ = this.ask().pipe(concatMap((state) => this.givenBy(state)));
    this.work.add(
      outcome$.pipe(finalize(() => this.end())).subscribe({
        next: (part) => this.recording.next(part),
        error: (error: unknown) => {
          this.isOver = true;
          this.recording.error(error);
        },
        complete: () => {
          this.isOver = true;
          this.recording.complete();
        },
      }),
    );
  }

  /** What has become of it, once nobody else is making it. */
  private ask(): Observable<SettledState> {
    return this.claimed().pipe(
      timeout(storeTimeout),
      catchError(() =>
        throwError(() => new GatewayRefusal('Gateway.Overloaded', 'Attempts can not be remembered now', 1000)),
      ),
      map((state) => {
        if ('fingerprint' in state && state.fingerprint !== this.attempt.fingerprint) throw mismatch();
        return state;
      }),
      repeat({ delay: pollInterval }),
      filter((state): state is SettledState => state.state !== 'running'),
      take(1),
    );
  }

  /** Whoever goes before the store has answered gives the claim back. */
  private claimed(): Observable<AttemptState> {
    const { store } = this.settings;
    return new Observable((subscriber) => {
      defer(() => store.claim(this.claim)).subscribe({
        next: (state) => {
          if (subscriber.closed && state.state === 'claimed') quietly(() => store.release(this.claim)).subscribe();
          subscriber.next(state);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
  }

  private givenBy(state: SettledState): Observable<AnswerPart> {
    switch (state.state) {
      case 'claimed':
        return this.make();
      case 'answered':
        if (state.answer === undefined) throw notKept();
        this.isReplayed = true;
        return partsOfStored(state.answer);
      case 'lost':
        throw unknown();
      case 'full':
        throw new GatewayRefusal('Gateway.Overloaded', 'No more attempts can be remembered now', 10_000);
    }
  }

  private make(): Observable<AnswerPart> {
    const { store, lease } = this.settings;
    this.isMade = true;
    const renewing = interval(lease / 3)
      .pipe(concatMap(() => quietly(() => store.renew(this.claim))))
      .subscribe();
    let isSettled = false;
    const settle = (answer: StoredAnswer | undefined, mayRepeat: boolean): Observable<never> =>
      defer(() => {
        isSettled = true;
        renewing.unsubscribe();
        return quietly(() => (mayRepeat ? store.release(this.claim) : store.answer(this.claim, answer)));
      });
    const { isRead, isUnsent, send } = this.attempt;
    const made$ = send().pipe(
      // An answer that breaks off is none that could be given again.
      catchError((error: unknown) =>
        concat(
          settle(undefined, isRead),
          throwError(() => error),
        ),
      ),
    );
    return concat(
      made$,
      defer(() => settle(this.answerToKeep, isUnsent())),
    ).pipe(
      finalize(() => {
        // Broken off: a read that nobody waits for any more, or all of them, by `abort`. A write may have been executed.
        if (!isSettled) settle(undefined, isRead).subscribe();
      }),
    );
  }

  private get answerToKeep(): StoredAnswer | undefined {
    const { answer } = this.recording;
    return answer !== undefined && answer.body.length <= this.settings.maxAnswerSize ? answer : undefined;
  }

  /** What may be executed but once goes on when nobody waits: its answer is for whoever asks again. */
  private leave(): void {
    if (--this.readers > 0 || this.isOver) return;
    if (this.attempt.isRead || !this.isMade) this.work.unsubscribe();
  }

  private end(): void {
    this.isOver = true;
    this.onOver();
  }
}

/** Where the store fails, the lease ends, and the attempt is one of which nobody knows. */
function quietly(act: () => Promise<void>): Observable<never> {
  return defer(act).pipe(
    timeout(storeTimeout),
    catchError(() => EMPTY),
    ignoreElements(),
  );
}

function mismatch(): GatewayRefusal {
  return new GatewayRefusal('Gateway.AttemptMismatch', 'Another request was made with this id of an attempt');
}

function notKept(): GatewayRefusal {
  return new GatewayRefusal('Gateway.AttemptUnknown', 'The attempt was made, and its answer is not kept');
}

function unknown(): GatewayRefusal {
  return new GatewayRefusal(
    'Gateway.AttemptUnknown',
    'The gateway that made the attempt is gone: nobody knows whether it was executed',
  );
}
