import type { IncomingHttpHeaders } from 'node:http';

/** The headers of an answer, names in lower case; those that came more than once are joined by commas, as HTTP has it. */
export function joinedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (typeof value !== 'string') headers[name] = value?.join(', ') ?? '';
  }
  // None is a list any more.
  return headers as Record<string, string>;
}
