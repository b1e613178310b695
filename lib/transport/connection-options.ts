import type { ConnectionOptions, TlsOptions } from '../platform/connections.js';
import {
  integerFrom,
  milliseconds,
  ofType,
  optionsWith,
  invalidOption,
  type Rule,
  type Rules,
} from '../schema/options.js';
import { isPlainObject } from '../schema/values.js';

export type { ConnectionOptions, ProxyOptions, TlsOptions } from '../platform/connections.js';

const file: Rule = { expected: 'a text or bytes', fits: isFile };

const tlsRules: Rules<TlsOptions> = {
  ca: { expected: 'a text, bytes or an array of these', fits: (value) => [value].flat().every(isFile) },
  cert: file,
  key: file,
  passphrase: ofType('string'),
  insecure: ofType('boolean'),
};

const proxies = optionsWith<{ http: unknown; https: unknown; no: unknown }>({
  http: ofType('string'),
  https: ofType('string'),
  no: ofType('string'),
});

/** What can be said of connections, without a look at what stands in a URL or a certificate. */
export const connectionRules: Rules<ConnectionOptions> = {
  proxy(value, path) {
    if (value === false || typeof value === 'string') return;
    if (!isPlainObject(value)) throw invalidOption(path, 'a URL, { http, https, no } or false', value);
    proxies(value, path);
  },
  tls: optionsWith(tlsRules),
  idleTimeout: milliseconds,
  maxConnections: integerFrom(1),
};

function isFile(value: unknown): boolean {
  return typeof value === 'string' || ArrayBuffer.isView(value);
}
