import { NetworkError } from '../errors.js';
import { originOf } from '../platform/origin-of.js';
import type { HttpRequest } from '../transport/transport.js';

export function noResponse({ url }: HttpRequest): NetworkError {
  return new NetworkError('The transport completed without a response', originOf(url));
}
