import { ConfigurationError } from '../../errors.js';
import type { TlsOptions } from '../connections.js';

/**
 * Checks what OpenSSL would pass over in silence.
 *
 * @throws ConfigurationError where a certificate or a key is not in PEM.
 */
export function checkTls({ ca, cert, key }: TlsOptions): void {
  for (const [name, given] of Object.entries({ ca, cert, key })) {
    if (given === undefined || [given].flat().every(isPem)) continue;
    const received = 'a text without -----BEGIN';
    throw new ConfigurationError({ path: `tls.${name}`, expected: 'the content of a file in PEM', received });
  }
}

function isPem(given: string | Uint8Array): boolean {
  const text = typeof given === 'string' ? given : Buffer.from(given).toString('latin1');
  return text.includes('-----BEGIN ');
}
