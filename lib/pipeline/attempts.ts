/** The retry stage: makes attempts until one succeeds, or until another would not help or is not safe. */
import { catchError, filter, identity, map, mergeMap, of, retry, type Observable, type OperatorFunction } from 'rxjs';
import { isServerError, toAlicloudError, type AlicloudError } from '../errors.js';
import type { FullResponse } from '../response.js';
import { failureKindOf, isRead } from '../retry/classify.js';
import type { FailureKind } from '../retry/failure.js';
import { pause } from '../retry/pause.js';
import { serverWaitOf } from '../retry/server-wait.js';
import type { Repetition } from '../retry/strategy.js';
import { isSignatureRefusal } from '../signature/refusal.js';
import { attempt, type AttemptResult } from './attempt.js';
import { concluded } from './concluded.js';
import { begun } from './exchange.js';
import { hear } from './held.js';
import { rare$ } from './on-demand.js';
import type { AttemptParts, Plan } from './plan.js';

export function attempts(parts: AttemptParts, plan: Plan): Observable<FullResponse<unknown>> {
  const attempts$ = attempt(parts, plan).pipe(
    retry({ delay: (error) => explained(parts, plan, toAlicloudError(error)) }),
  );
  return attempts$.pipe(withoutMarks(plan));
}

/** Takes out what tells only that the answer has begun; one that comes whole has none of it. */
function withoutMarks({ operation, inPieces }: Plan): OperatorFunction<AttemptResult, FullResponse<unknown>> {
  const comesWhole = operation.responseType !== 'events' && !inPieces;
  // The compiler can't know that one follows from the other.
  return comesWhole
    ? (identity as OperatorFunction<AttemptResult, FullResponse<unknown>>)
    : filter((result) => result !== begun);
}

/** Says more of a signature that was refused, and goes on as with any other failure. */
function explained(parts: AttemptParts, plan: Plan, error: AlicloudError): Observable<unknown> {
  const { signed } = plan.record;
  if (signed === undefined || !isServerError(error) || !isSignatureRefusal(error.code)) return wait(parts, plan, error);
  return rare$.pipe(
    map(({ explain }) => explain(error, signed)),
    // The server's own words will have to do.
    catchError(() => of(error)),
    mergeMap((told) => wait(parts, plan, told)),
  );
}

/** Emits when the next attempt is to be made; throws where there is to be none. */
function wait(parts: AttemptParts, plan: Plan, error: AlicloudError): Observable<unknown> {
  const { record } = plan;
  record.enter(undefined);
  if (record.begun) throw concluded(record, error);
  learn(parts, plan, error);
  let repetition: Repetition | undefined;
  try {
    repetition = repetitionOf(parts, plan, error);
  } catch (problem) {
    // A policy failed: the call ends in that, with all that was known of the attempt.
    record.endAttempt(record.answer?.status, error);
    parts.reporter.answered(record, error);
    throw concluded(record, toAlicloudError(problem));
  }
  record.endAttempt(record.answer?.status, error, repetition?.wait);
  parts.reporter.answered(record, error);
  if (repetition === undefined) throw concluded(record, error);

  (record.repeatedFor ??= new Set()).add(repetition.kind);
  parts.reporter.retried(record, repetition.kind, error, repetition.wait);
  record.enter('waiting');
  // Where the limiter holds it for as long, it keeps its turn there.
  const { limiter } = parts;
  const isHeld = repetition.kind === 'throttled' && (limiter?.estimate(record.scope) ?? -1) >= repetition.wait;
  return isHeld ? of(0) : pause(repetition.wait);
}

/** What the failure says to the calls that come after it, this one's repetition among them. */
function learn(parts: AttemptParts, { record, settings }: Plan, error: AlicloudError): void {
  const { answer, offset, signedAt, credentials } = record;
  const { clock } = parts;
  const kind = failureKindOf(error);
  // What that throws is reported as RxJS reports unhandled errors.
  if (kind === 'credentials') of(credentials).subscribe((used) => used && settings.credentials?.invalidate?.(used));
  if (answer === undefined) return;
  const { headers, status } = answer;
  if (kind === 'clock') clock.learn(headers.date, headers.age, signedAt - offset, clock.now() - clock.offset);
  if (kind === 'throttled') hear(parts, record, { throttled: true, wait: serverWaitOf(headers, clock.now()), headers });
  // Any other refusal is from behind the gateway that counts calls; a server that is sick says nothing of it.
  else if (status < 500) hear(parts, record, { throttled: false, headers });
}

const none: ReadonlySet<FailureKind | undefined> = new Set();

function repetitionOf(
  { clock, retries }: AttemptParts,
  { record, settings, operation: { action }, encoded }: Plan,
  error: AlicloudError,
): Repetition | undefined {
  return retries.withSetting(settings.retry).next({
    error,
    attempts: record.attempt,
    action,
    repeatable: isRead(action) || encoded.idempotent,
    repeatedFor: record.repeatedFor ?? none,
    clockDiffers: clock.differsFrom(record.offset),
    // Only a provider that can be told so may have others.
    credentialsChanged: settings.credentials?.invalidate !== undefined,
    now: clock.now(),
    timeLeft: record.remaining,
  });
}
