import { isClientError } from '../errors.js';
import type { AdapterConfig } from './connections.js';

/** What an adapter throws: an `AxiosError` as interceptors look at them, with what went wrong for its cause. */
export function failureOf(cause: unknown, config: AdapterConfig): Error {
  const { message = String(cause) } = (cause ?? {}) as { message?: string };
  const code = axiosCode(cause);
  const failure = Object.assign(new Error(message, { cause }), { name: 'AxiosError', isAxiosError: true, code });
  // Not enumerable: it holds the signature.
  return Object.defineProperty(failure, 'config', { value: config });
}

/** What an adapter throws when its signal was aborted, as `axios.isCancel` knows it. */
export function cancellationOf(config: AdapterConfig): Error {
  const failure = failureOf(new Error('canceled'), config);
  return Object.assign(failure, { name: 'CanceledError', code: 'ERR_CANCELED', __CANCEL__: true });
}

/** What axios calls what we call otherwise. */
function axiosCode(cause: unknown): unknown {
  if (isClientError(cause, 'SDK.NetworkError')) return cause.systemCode ?? 'ERR_NETWORK';
  if (isClientError(cause, 'SDK.Timeout')) return 'ETIMEDOUT';
  if (isClientError(cause, 'SDK.ResponseTooLarge')) return 'ERR_BAD_RESPONSE';
  return ((cause ?? {}) as { code?: unknown }).code;
}
