import type { AxiosError } from 'axios';
import { networkFailure } from '#platform';
import { isAlicloudError, TimeoutError, type AlicloudError } from '../errors.js';
import { tooLong } from '../platform/too-long.js';
import { originOf } from '../platform/origin-of.js';
import type { HttpRequest } from './transport.js';

/** An axios error holds the whole request, signature and tokens included; only what lies beneath it is handed on. */
export function axiosErrorOf(error: unknown, { url, maxResponseSize = 0 }: HttpRequest): AlicloudError {
  if (isAlicloudError(error)) return error;
  const beneath = isAxiosError(error) ? error.cause : error;
  if (isAlicloudError(beneath)) return beneath;
  const origin = originOf(url);
  if (!isAxiosError(error)) return networkFailure({ origin }, codeOf(error), error);

  // From here on, of an adapter that is not ours.
  const { code, message, config } = error;
  if (code === 'ETIMEDOUT' && beneath === undefined && config?.timeout !== undefined) {
    return new TimeoutError({ phase: 'read', timeout: config.timeout, origin });
  }
  if (message.startsWith('maxContentLength')) return tooLong(origin, maxResponseSize);
  const systemCode = message.includes('aborted') ? 'ECONNRESET' : code;
  return networkFailure({ origin }, systemCode, beneath ?? new Error(message));
}

/** As axios itself tells them, without all of axios for it. */
function isAxiosError(error: unknown): error is AxiosError {
  return typeof error === 'object' && error !== null && 'isAxiosError' in error && error.isAxiosError === true;
}

function codeOf(error: unknown): string | undefined {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
