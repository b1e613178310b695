import axios, { type AxiosError } from 'axios';
import { isAlicloudError, NetworkError, type AlicloudError } from '../errors.js';
import type { HttpRequest } from './transport.js';

/** An axios error holds the whole request, signature and tokens included; only what lies beneath it is handed on. */
export function axiosErrorOf(error: unknown, request: HttpRequest): AlicloudError {
  if (isAlicloudError(error)) return error;
  const { origin, host } = new URL(request.url);
  const { code, message } =
    error instanceof Error ? (error as AxiosError) : { code: undefined, message: String(error) };
  const systemCode = message.includes('aborted') ? 'ECONNRESET' : code;
  const cause = axios.isAxiosError(error) ? error.cause : error;
  return new NetworkError(inWords(systemCode, message, origin, host), origin, systemCode, { cause });
}

function inWords(code: string | undefined, message: string, origin: string, host: string): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host ${host} was not found (${code}): check the region id or the endpoint`;
    case 'ECONNREFUSED':
      return `${origin} refused the connection (${code}): nothing listens there`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${origin} closed the connection before the whole answer had come (${code})`;
    case 'ETIMEDOUT':
      return `${origin} did not answer (${code})`;
    default:
      return `The request to ${origin} failed: ${message}${code === undefined ? '' : ` (${code})`}`;
  }
}
