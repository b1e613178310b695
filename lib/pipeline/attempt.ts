/** One attempt: credentials, signature, transport, answer. */
import { defer, switchMap, type Observable } from 'rxjs';
import type { Credentials } from '../credentials/credentials.js';
import type { FullResponse } from '../response.js';
import type { HttpHead, HttpResponse } from '../transport/transport.js';
import { credentialsAtHand, credentialsFor } from './credentials.js';
import { answerTo, type begun, type Reader } from './exchange.js';
import { hear, held, scopeOf } from './held.js';
import { rare$ } from './on-demand.js';
import type { AttemptParts, Plan } from './plan.js';
import { now } from './record.js';
import { signedV3 } from './sign-v3.js';
import type { SignedRequest } from './signing.js';
import { within } from './within.js';

export type AttemptResult = FullResponse<unknown> | typeof begun;

export function attempt(parts: AttemptParts, plan: Plan): Observable<AttemptResult> {
  const { operation, settings, record } = plan;
  const signedBy = (credentials: Credentials | undefined): Observable<AttemptResult> => {
    record.credentials = credentials;
    // The time that it is held back is not the attempt's.
    const left = settings.timeout - (now() - record.attemptAt);
    return held(parts, record, scopeOf(plan, credentials), () =>
      exchange(parts, plan, credentials).pipe(within(settings.timeout, operation, left)),
    );
  };
  return defer(() => {
    record.beginAttempt();
    const current = operation.anonymous === true ? undefined : credentialsAtHand(settings.credentials);
    if (current !== undefined) return signedBy(current);
    return credentialsFor(operation, settings.credentials).pipe(
      within(settings.timeout, operation),
      switchMap(signedBy),
    );
  });
}

function exchange(parts: AttemptParts, plan: Plan, credentials: Credentials | undefined): Observable<AttemptResult> {
  if (plan.protocol === 'V3') return sent(parts, plan, signedWith(signedV3, parts, plan, credentials));
  return rare$.pipe(switchMap(({ signedV1 }) => sent(parts, plan, signedWith(signedV1, parts, plan, credentials))));
}

function signedWith(
  sign: typeof signedV3,
  { clock, timestamps, nonce, userAgent }: AttemptParts,
  { operation, protocol, origin, settings, encoded, record }: Plan,
  credentials: Credentials | undefined,
): SignedRequest {
  const time = record.sign(clock);
  const timestamp = timestamps.at(time);
  const limits = settings;
  const { attempts } = record;
  const common = { operation, protocol, origin, credentials, limits, userAgent, timestamp, attempts };
  return sign(encoded, { ...common, now: time, nonce: nonce() });
}

function sent(parts: AttemptParts, plan: Plan, signed: SignedRequest): Observable<AttemptResult> {
  const { operation, record, inPieces } = plan;
  const { transport } = parts;
  const { http } = signed;
  record.signed = signed;
  parts.reporter.attempt(record, signed);
  const reader = readerOf(parts, plan, signed);
  if (operation.responseType === 'events') {
    return rare$.pipe(switchMap(({ eventsOf }) => eventsOf(transport, http, operation, reader)));
  }
  if (inPieces) return rare$.pipe(switchMap(({ piecesOf }) => piecesOf(transport, http, reader)));
  return answerTo(parts.send({ http, operation, attempt: record.attempt, call: record.call }), http, reader);
}

function readerOf(parts: AttemptParts, { decode, record }: Plan, signed: SignedRequest): Reader {
  return {
    attempts: record.attempts,
    read(response: HttpResponse) {
      record.answer = response;
      return decode(response, signed.secrets);
    },
    accepted(answer: HttpHead | HttpResponse) {
      record.answer = answer;
      record.begun = true;
      record.whole = 'body' in answer;
      record.enter(undefined);
      record.endAttempt(answer.status);
      parts.retries.succeeded();
      hear(parts, record, { throttled: false, headers: answer.headers });
      parts.reporter.answered(record);
      // Nobody asks for it any more, and the record may be kept for as long as the call.
      record.answer = undefined;
    },
  };
}
