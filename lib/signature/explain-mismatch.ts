/** Where the server refuses a signature and says what it has read: an error that shows where the two differ. */
import { ServerError } from '../errors.js';
import { maskedText } from '../masking/mask-answer.js';
import type { Secrets } from '../masking/masking.js';
import { describeMismatch, signatureMismatch, type Signed } from './mismatch.js';

/** The error itself, or one that says more. */
export function explainMismatch(error: ServerError, signed: Signed, secrets: Secrets): ServerError {
  const mismatch = signatureMismatch(error.message, signed, (text) => maskedText(text, secrets));
  if (mismatch === undefined) return error;
  const { code, status, action, requestId, hostId, recommend, headers, rawBody } = error;
  const message = `${error.message} ${describeMismatch(mismatch)}`;
  const facts = { code, message, status, action, requestId, hostId, recommend, headers, rawBody };
  return new ServerError({ ...facts, signatureMismatch: mismatch });
}
