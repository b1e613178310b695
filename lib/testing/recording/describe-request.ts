/** What is kept of a request. */
import { sha256Hex } from '#sha256';
import { isSecretName, mask } from '../../masking/masking.js';
import { parseJson, stringifyJson } from '../../schema/json.js';
import { isPlainObject } from '../../schema/values.js';
import { mediaTypeOf, parseRequest, type Parameter, type WireRequest } from '../wire.js';
import type { RecordedRequest } from './recording.js';

/** Parameters that say who asks and when, or make a request another one each time. */
const volatile =
  /^(?:Signature(?:Method|Version|Nonce|Type)?|Timestamp|AccessKeyId|SecurityToken|BearerToken|Format|client_?token)$/i;

/** `show` takes out what nothing may show. */
export function describeRequest(wire: WireRequest, show: (text: string) => string): RecordedRequest {
  const request = parseRequest(wire);
  const parameters = [...request.query, ...request.form()];
  const valueOf = (name: string): string | undefined => parameters.find(([given]) => given === name)?.[1];
  const action = wire.headers['x-acs-action'] ?? valueOf('Action');
  const version = wire.headers['x-acs-version'] ?? valueOf('Version');
  const named = action === undefined ? /^$/ : /^(?:Action|Version)$/;
  const kept = parameters.filter(([name]) => !volatile.test(name) && !named.test(name));
  const body = request.hasForm ? undefined : bodyOf(wire, show);
  return {
    ...(action === undefined ? {} : { action }),
    ...(version === undefined ? {} : { version }),
    host: show(wire.headers.host ?? ''),
    method: wire.method,
    path: show(request.path),
    ...(kept.length === 0 ? {} : { parameters: shownParameters(kept, show) }),
    ...(body === undefined ? {} : { body }),
  };
}

function shownParameters(parameters: readonly Parameter[], show: (text: string) => string): Record<string, string> {
  const shown = parameters.map(
    ([name, value]) => [show(name), isSecretName(name) ? mask : show(sortedJson(value))] as const,
  );
  return Object.fromEntries(shown.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function bodyOf({ headers, body }: WireRequest, show: (text: string) => string): string | undefined {
  const type = mediaTypeOf(headers['content-type']);
  // Its boundary, its policy and its signature are new each time.
  if (body.length === 0 || type === 'multipart/form-data') return undefined;
  const text = typeof body === 'string' ? body : textOf(body);
  return text === undefined ? `sha256 ${sha256Hex(body)}` : show(sortedJson(text));
}

/** `undefined` where it is no UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** JSON in one order, without client tokens; any other text as it is. */
function sortedJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return stringifyJson(sortedValue(parseJson(text))) ?? text;
  } catch {
    return text;
  }
}

function sortedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedValue);
  if (!isPlainObject(value)) return value;
  const names = Object.keys(value).filter((name) => !/^client_?token$/i.test(name));
  return Object.fromEntries(names.sort().map((name) => [name, sortedValue(value[name])]));
}
