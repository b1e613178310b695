/** What only shows before a request is in fetch form, which mends what is wrong of it. */
import type { IncomingMessage } from 'node:http';
import type { AdapterRefusal } from '../refusal.js';

/** Why a request goes no further. */
export interface MessageRefusal {
  readonly code: AdapterRefusal;
  readonly message: string;
}

/** `maxHeaderSize` limits their bytes; beyond 2000, Node drops headers without a word. */
const mostHeaders = 100;

/** `URL` would take the rest of one like `good@evil` or `evil/path` for user, path or query. */
const hostForm = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** What is wrong with the head of a request, if anything is. What the gateway is told as it came is left to it: the path, headers that came twice. */
export function checkMessage(message: IncomingMessage, target: string): MessageRefusal | undefined {
  const { method = '', httpVersion, rawHeaders } = message;
  if (httpVersion !== '1.1') return invalid('Expected HTTP/1.1');
  if (['CONNECT', 'TRACE', 'TRACK'].includes(method)) return invalid(`The method ${method} is not for this server`);
  // Not `*`, nor a URL, as proxies are asked.
  if (!target.startsWith('/')) return invalid('Expected a path as target');
  if (rawHeaders.length > 2 * mostHeaders) {
    return { code: 'Gateway.HeadersTooLarge', message: `Expected at most ${mostHeaders} headers` };
  }
  return checkHeaders(rawHeaders);
}

function checkHeaders(rawHeaders: readonly string[]): MessageRefusal | undefined {
  const values = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i]?.toLowerCase(), rawHeaders[i + 1]];
    // A parser that is made lenient lets them through, folded lines among them.
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) return invalid(`The header ${name} has control characters`);
    // A request in fetch form needs one host, for its URL.
    if (name === 'host' && values.has(name)) return invalid('The header host came twice');
    values.set(name, value);
  }
  const host = values.get('host') ?? '';
  // There are names and addresses of that form of which no URL can be made: `1.2.3.4.5`, `[:::]`, a port of 99999.
  if (!hostForm.test(host) || !URL.canParse(`http://${host}`)) {
    return invalid('Expected the header host to be a name or an address');
  }
  const coding = values.get('transfer-encoding');
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return invalid('Expected no transfer coding but chunked');
  if (coding !== undefined && values.has('content-length')) {
    return invalid('Expected one of content-length and transfer-encoding, got both');
  }
  if (values.has('upgrade')) return invalid('There is no other protocol to change to');
  if (values.has('expect')) return invalid('Expected a request that expects nothing before its answer');
  return undefined;
}

function invalid(message: string): MessageRefusal {
  return { code: 'Gateway.InvalidRequest', message };
}
