/** What an answer amounts to that is not the operation's response, with its secrets masked. */
import { InvalidResponseError, type AlicloudError, type ValidationIssue } from '../errors.js';
import { masked, maskedText } from '../masking/mask-answer.js';
import type { Secrets } from '../masking/masking.js';
import { misplacedIn } from '../schema/response-codec.js';
import { validationIssues } from '../schema/validation-issues.js';
import type { HttpResponse } from '../transport/transport.js';
import { textOf } from './decode.js';
import { serverErrorOf } from './server-error.js';
import type { Misfit, UnfitAnswer } from './unfit-answer.js';

export function explainAnswer({ action, response, misfit }: UnfitAnswer, secrets: Secrets): AlicloudError {
  if (misfit === undefined)
    return serverErrorOf(
      action,
      { status: response.status, headers: response.headers, body: textOf(response) },
      secrets,
    );
  const safe = masked(response, secrets);
  if (misfit.drift === undefined) {
    const kind = safe.headers['content-type'] ?? 'no content type';
    const { expected = 'JSON' } = misfit;
    const what = `is not ${expected} (${kind}, ${response.body.length} characters, beginning ${excerpt(safe.body)})`;
    return invalid(action, safe, what);
  }
  const issues = refusalsIn(misfit, secrets);
  const [first] = issues.map(({ path, expected, received }) => `\`${path}\` should be ${expected} and is ${received}`);
  return invalid(action, safe, `does not fit its description: ${first}`, issues);
}

/** The first ten places that do not fit. */
export function refusalsIn({ response, drift }: Misfit, secrets: Secrets): readonly ValidationIssue[] {
  const hide = (text: string): string => maskedText(text, secrets);
  if (drift !== undefined) return validationIssues(misplacedIn(drift), 'response', hide);
  return [{ path: 'response', expected: 'JSON', received: `the text ${excerpt(hide(response.body))}` }];
}

function invalid(
  action: string,
  { status, headers, body }: HttpResponse,
  what: string,
  issues?: readonly ValidationIssue[],
): AlicloudError {
  const message = `The answer to ${action}, status ${status}, ${what}`;
  return new InvalidResponseError(message, status, headers, body, issues);
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
