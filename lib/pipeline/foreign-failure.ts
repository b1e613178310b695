/** What a transport that is not ours throws where the network failed: of `fetch`, of axios, of Node's own. */
import { networkFailure } from '#platform';
import { toAlicloudError, type AlicloudError } from '../errors.js';
import { axiosErrorOf } from '../transport/axios-error.js';
import { systemCodeOf } from '../transport/system-code.js';
import { originOf } from '../platform/origin-of.js';
import type { HttpRequest } from '../transport/transport.js';

/** How the implementations of `fetch` say it: Node, Chromium, Firefox, Safari, React Native, Deno, Bun; and of a body that broke off. */
const networkMessage =
  /^(fetch failed|Failed to fetch|NetworkError when attempting|Load failed|Network request failed|error sending request|Unable to connect|terminated$|network error$|The network connection was lost|The Internet connection appears)/i;

/** An error of another kind is a mistake of the transport's, and none of the network's. */
export function foreignFailure(error: Error, request: HttpRequest): AlicloudError {
  if ('isAxiosError' in error) return axiosErrorOf(error, request);
  const code = systemCodeOf(error) ?? systemCodeOf(error.cause);
  const isNetwork = isUnanswered(error) || (error.name === 'TypeError' && networkMessage.test(error.message));
  if (code === undefined && !isNetwork) return toAlicloudError(error);
  return networkFailure({ origin: originOf(request.url) }, code ?? 'ERR_NETWORK', error.cause ?? error);
}

/** How Angular's `HttpClient` says that no answer came. */
export function isUnanswered(error: Error): boolean {
  return error.name === 'HttpErrorResponse' && (error as { readonly status?: unknown }).status === 0;
}
