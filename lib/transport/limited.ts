import { tap, type MonoTypeOperatorFunction } from 'rxjs';
import { tooLong } from '../platform/too-long.js';
import { originOf } from '../platform/origin-of.js';
import type { HttpRequest } from './transport.js';

/** Fails where the pieces become more than `maxResponseSize`. */
export function limitedTo({ url, maxResponseSize = 0 }: HttpRequest): MonoTypeOperatorFunction<Uint8Array> {
  let length = 0;
  return tap((piece) => {
    length += piece.length;
    if (maxResponseSize > 0 && length > maxResponseSize) throw tooLong(originOf(url), maxResponseSize);
  });
}
