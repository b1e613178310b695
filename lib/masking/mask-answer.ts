import { shownHeaders } from './shown.js';
import { hideFields, hiding, type Secrets } from './masking.js';
import type { HttpResponse } from '../transport/transport.js';

/**
 * An answer as an error may show it: servers send back what they were sent when they explain an error, and new
 * credentials in the bodies of some responses.
 */
export function masked({ status, headers, body }: HttpResponse, secrets: Secrets): HttpResponse {
  const show = showing(secrets);
  return { status, headers: shownHeaders(headers, show), body: show(body) };
}

/** A text as an error may show it. */
export function maskedText(text: string, secrets: Secrets): string {
  return showing(secrets)(text);
}

/** Gives what makes texts fit to be shown. */
export function showing(secrets: Secrets): (text: string) => string {
  const hide = hiding(secrets);
  return (text) => hideFields(hide(text));
}
