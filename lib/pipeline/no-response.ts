import { NetworkError } from '../errors.js';
import type { HttpRequest } from '../transport/transport.js';

export function noResponse({ url }: HttpRequest): NetworkError {
  return new NetworkError('The transport completed without a response', new URL(url).origin);
}
