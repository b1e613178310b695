import { hideFields, hiding } from '../masking.js';
import type { HttpResponse } from '../transport/transport.js';

/**
 * An answer as an error may show it: servers send credentials back, those of the call when they explain a signature
 * that does not match, and new ones in the bodies of some responses.
 */
export function masked({ status, headers, body }: HttpResponse, secrets: readonly string[]): HttpResponse {
  const hide = hiding(secrets);
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, hide(value)])),
    body: hideFields(hide(body)),
  };
}

/** A text as an error may show it. */
export function maskedText(text: string, secrets: readonly string[]): string {
  return hideFields(hiding(secrets)(text));
}
