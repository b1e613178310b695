import type { HttpResponse } from '../transport/transport.js';

const mask = '***';

const secretName = '(?:secret|passw|passphrase|token|assertion|private_?key)';
/** `"AccessKeySecret":"…"`, in JSON and in JSON within a JSON string. */
const jsonMember = new RegExp(`("[^"]*${secretName}[^"]*"\\s*:\\s*\\\\*")(?:[^"\\\\]|\\\\.)*`, 'gi');
/** `<AccessKeySecret>…` */
const xmlElement = new RegExp(`(<[^<>/]*${secretName}[^<>]*>)[^<]*`, 'gi');

/**
 * An answer as an error may show it: servers send credentials back, those of the call when they explain a signature
 * that does not match, and new ones in the bodies of some responses.
 */
export function masked({ status, headers, body }: HttpResponse, secrets: readonly string[]): HttpResponse {
  const pattern = anyOf(secrets);
  const clean = (text: string): string => (pattern === undefined ? text : text.replace(pattern, mask));
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, clean(value)])),
    body: clean(body).replace(jsonMember, `$1${mask}`).replace(xmlElement, `$1${mask}`),
  };
}

/** The longest first, as one may be part of another. */
function anyOf(secrets: readonly string[]): RegExp | undefined {
  if (secrets.length === 0) return undefined;
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((secret) => [...secret].map(writings).join('')).join('|'), 'g');
}

const xmlNames: Readonly<Record<string, string>> = { '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot', "'": 'apos' };

/** A character in all the ways a server may write it: as it is, escaped for JSON, for XML, or for a URL. */
function writings(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const code = character.charCodeAt(0);
  const hex = code.toString(16).replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const name = xmlNames[character];
  const entity = `&(?:#0*${code}|#[xX]0*${hex}${name === undefined ? '' : `|${name}`});`;
  return `(?:\\\\*\\x${code.toString(16)}|\\\\+u00${hex}|%${hex}|${entity})`;
}
