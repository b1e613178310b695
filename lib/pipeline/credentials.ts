/** Who signs. Here an attempt begins. */
import { switchMap } from 'rxjs';
import type { Credentials } from '../credentials/credentials.js';
import { currentCredentials, credentialsFor } from './ask-for-credentials.js';
import { withinTimeout } from './attempt-timeout.js';
import { CurrentAttempt } from './current-attempt.js';
import { inContextOf } from './in-context-of.js';
import type { Handler } from './stage.js';

export function credentials(next: Handler): Handler {
  return (call) => {
    const { operation, settings, timeline } = call;
    const attempt = new CurrentAttempt(timeline.attempt, timeline.enter('credentials'));
    call.attempt = attempt;
    const signedBy = (given: Credentials | undefined): ReturnType<typeof next> => {
      attempt.credentials = given;
      attempt.timeSpent = timeline.enter(undefined) - attempt.startedAt;
      return next(call);
    };
    if (operation.anonymous === true) return signedBy(undefined);
    const current = currentCredentials(settings.credentials);
    if (current !== undefined) return signedBy(current);
    return credentialsFor(operation, settings.credentials).pipe(
      withinTimeout(call),
      inContextOf(call),
      switchMap(signedBy),
    );
  };
}
