import { ServerError } from '../errors.js';
import { parseJson } from '../schema/json.js';
import { isObject } from '../schema/values.js';
import type { HttpResponse } from '../transport/transport.js';

/** Reads an error answer: JSON or XML in either spelling, or whatever a gateway on the way has sent instead. */
export function serverErrorOf(action: string, { status, headers, body }: HttpResponse): ServerError {
  const facts = readJson(body) ?? readXml(body);
  const code = codeOf(facts?.('Code'));
  const requestId = text(facts?.('RequestId')) ?? headers['x-acs-request-id'];
  const common = { action, status, headers, rawBody: body, requestId };
  if (facts === undefined || code === undefined) {
    const type = headers['content-type'] ?? 'no content type';
    const message = `The server answered ${action} with status ${status} and no error code (${type})${beginning(body)}`;
    return new ServerError({ ...common, code: `HTTP.${status}`, message });
  }
  return new ServerError({
    ...common,
    code,
    message: text(facts('Message')) ?? `The server answered ${action} with status ${status} and the code ${code}`,
    hostId: text(facts('HostId')),
    recommend: text(facts('Recommend')),
    accessDeniedDetail: facts('AccessDeniedDetail'),
  });
}

/** A field of the error, whatever the case of its first letter. */
type Facts = (name: string) => unknown;

function readJson(body: string): Facts | undefined {
  let error: unknown;
  try {
    error = parseJson(body);
  } catch {
    // Not JSON: XML, or a page that was made for people.
    return undefined;
  }
  if (!isObject(error)) return undefined;
  const facts = error;
  return (name) => facts[name] ?? facts[name.charAt(0).toLowerCase() + name.slice(1)];
}

function readXml(body: string): Facts | undefined {
  if (!/^\s*(?:<\?xml[^>]*>\s*)?<(?:\w+:)?Error\b/i.test(body)) return undefined;
  return (name) => {
    const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[([^]*?)\\]\\]>|([^<]*))</${name}>`, 'i').exec(body);
    return found?.[1] ?? (found?.[2] === undefined ? undefined : unescapeXml(found[2]));
  };
}

function unescapeXml(escaped: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return escaped.replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => named[name] ?? whole);
}

/** Some servers give a number. */
function codeOf(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : text(value);
}

/** On one line, and not the whole page. */
function beginning(body: string): string {
  const line = body.trim().replace(/\s+/g, ' ');
  return line === '' ? '' : `: ${line.length > 120 ? `${line.slice(0, 120)}…` : line}`;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
