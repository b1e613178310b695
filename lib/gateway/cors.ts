/** What browsers want to hear before a page of another origin may call, and read the answer. */
import { attemptHeader, replayedHeader } from '../gateway-protocol/headers.js';

/** On every answer to a page of an origin that may call. */
export function corsHeaders(origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined) return { vary: 'origin' };
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': `x-acs-request-id, ${replayedHeader}, retry-after`,
  };
}

export function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.get('access-control-request-method') === 'POST';
}

/** The answer to the question that a browser asks before the request itself. */
export function preflight(origin: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(origin),
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': `content-type, authorization, ${attemptHeader}`,
      'access-control-max-age': '600',
    },
  });
}
