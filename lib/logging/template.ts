/** Lines as a template has them: `{time} {method} {uri} {code} {cost}`. */
import { ConfigurationError } from '../errors.js';
import type { ResponseEvent } from '../events/events.js';
import { onOneLine } from './on-one-line.js';

/** That of the Go SDK. */
export const defaultTemplate = '{time} {channel}: "{method} {uri} HTTP/{version}" {code} {cost} {hostname}';

/** What a line may tell besides the attempt. */
export interface Surroundings {
  /** The name of the log. */
  readonly channel: string;
  /** The process; `undefined` in browsers. */
  readonly pid: number | undefined;
  /** The machine's own name; `undefined` in browsers. */
  readonly hostname: string | undefined;
}

export type Line = (event: ResponseEvent, surroundings: Surroundings) => string;

/**
 * Reads a template. What is not known of an attempt is left empty.
 *
 * @throws ConfigurationError where it has a name in braces that means nothing.
 */
export function parseTemplate(template: string): Line {
  // With a group in it, the pattern splits into texts and, at the odd places, names.
  const parts = template.split(/\{([a-z_][\w-]*)\}/i).map((part, i) => (i % 2 === 0 ? part : fieldOf(part)));
  return (event, surroundings) =>
    parts.map((part) => (typeof part === 'string' ? part : onOneLine(part(event, surroundings)))).join('');
}

type Field = (event: ResponseEvent, surroundings: Surroundings) => string;

const fields: Readonly<Record<string, Field>> = {
  time: ({ time }) => localTime(time),
  start_time: ({ time, duration }) => localTime(time - duration),
  ts: ({ time }) => `${new Date(time).toISOString().slice(0, 19)}Z`,
  channel: (_event, { channel }) => channel,
  pid: (_event, { pid }) => String(pid ?? ''),
  hostname: (_event, { hostname }) => hostname ?? '',
  product: ({ call }) => call.product,
  action: ({ call }) => call.action,
  attempt: ({ attempt }) => String(attempt),
  method: ({ request }) => request.method,
  host: ({ request }) => (URL.canParse(request.url) ? new URL(request.url).host : ''),
  uri: targetOf,
  target: targetOf,
  // That is what axios speaks in Node. What a browser speaks, it does not tell.
  version: () => '1.1',
  req_headers: ({ request }) => JSON.stringify(request.headers),
  req_body: ({ request }) => request.body ?? '',
  code: ({ response }) => String(response?.status ?? ''),
  request_id: ({ response }) => response?.headers['x-acs-request-id'] ?? '',
  res_headers: ({ response }) => (response === undefined ? '' : JSON.stringify(response.headers)),
  res_body: ({ response }) => response?.body ?? '',
  cost: ({ duration }) => `${Math.round(duration)}ms`,
  error: ({ error }) => (error === undefined ? '' : `${error.code}: ${error.message}`),
};

function fieldOf(name: string): Field {
  const [, side, header = ''] = /^(req|res)_header_(.+)$/.exec(name) ?? [];
  const key = header.toLowerCase();
  if (side === 'req') return ({ request }) => request.headers[key] ?? '';
  if (side === 'res') return ({ response }) => response?.headers[key] ?? '';
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field !== undefined) return field;
  throw new ConfigurationError({
    path: 'lineLogger.template',
    expected: `a text with {${[...Object.keys(fields), 'req_header_…', 'res_header_…'].join('}, {')}}`,
    received: `{${name}}`,
  });
}

/** As it stands in the request's first line. */
function targetOf({ request }: ResponseEvent): string {
  // Not read as a URL, which would escape what is hidden.
  return /^[^:/]*:\/\/[^/?#]*(.*)$/.exec(request.url)?.[1] ?? request.url;
}

/** `2026-01-31 08:00:00`, by the clock on the wall. */
function localTime(time: number): string {
  const date = new Date(time);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
