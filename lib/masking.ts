/** Keeps secrets out of all that is shown: errors, events, logs and traces. */

/** What stands in the place of a secret. */
export const mask = '***';

/** Whether a field, a parameter or a header of that name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name.replace(/(?:next|client|page)_?token/gi, ''));
}

/** Hides secrets that are known, in all the ways in which they may be written. */
export function hiding(secrets: readonly string[]): (text: string) => string {
  const pattern = anyOf(secrets.filter((secret) => secret !== ''));
  return pattern === undefined ? (text) => text : (text) => text.replace(pattern, mask);
}

/** Hides what is secret by its name, in JSON, in JSON within a JSON string, and in XML. A value may be cut off. */
export function hideFields(text: string): string {
  return hideElements(hideMembers(text));
}

/** Hides the same in a query or a form, where a value may be JSON or XML in turn. */
export function hideParameters(text: string): string {
  return text
    .split('&')
    .map((parameter) => {
      const [name = '', ...rest] = parameter.split('=');
      return rest.length === 0 ? parameter : `${name}=${shownParameter(decoded(name) ?? name, rest.join('='))}`;
    })
    .join('&');
}

/** An access key's id is no secret. The whole of it is nobody's business all the same: a part is enough to know it by. */
export function shortened(accessKeyId: string): string {
  return accessKeyId.length < 16 ? mask : `${accessKeyId.slice(0, 4)}${mask}${accessKeyId.slice(-4)}`;
}

const secrecy = '(?:secret|passw|pwd|passphrase|token|assertion|private_?key|api[-_]?key|plaintext)';
const secretName = new RegExp(secrecy, 'i');

/** A loop in place of one regular expression, which fails at values of many megabytes. */
function hideMembers(text: string): string {
  // `"AccessKeySecret":"`, or `"AccessKeySecrets":["`. Quotes may be escaped.
  const opening = new RegExp(`"[^"]{0,99}?${secrecy}[^"]{0,99}"\\s*:\\s*(\\[\\s*)?\\\\*"`, 'gi');
  let shown = '';
  let end = 0;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    if (!isSecretName(found[0])) continue;
    shown += text.slice(end, opening.lastIndex) + mask;
    end = endOfText(text, opening.lastIndex);
    if (found[1] !== undefined) end = endOfList(text, end);
    opening.lastIndex = end;
  }
  return shown + text.slice(end);
}

/** The same for `<AccessKeySecret>`. */
function hideElements(text: string): string {
  const opening = new RegExp(`<[^<>/]{0,99}?${secrecy}[^<>]{0,99}>`, 'gi');
  let shown = '';
  let end = 0;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    if (!isSecretName(found[0])) continue;
    shown += text.slice(end, opening.lastIndex) + mask;
    end = endOfElement(text, opening.lastIndex);
    opening.lastIndex = end;
  }
  return shown + text.slice(end);
}

/** Where the next tag stands; those within sections of plain characters are none. */
function endOfElement(text: string, from: number): number {
  let end = text.indexOf('<', from);
  while (end !== -1 && text.startsWith('<![CDATA[', end)) {
    const close = text.indexOf(']]>', end);
    end = close === -1 ? -1 : text.indexOf('<', close);
  }
  return end === -1 ? text.length : end;
}

/** Where the quote stands that closes a text; the end of everything where none does. */
function endOfText(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (end - escapes > from && text[end - escapes - 1] === '\\') escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** The same of the last of a list's texts. */
function endOfList(text: string, from: number): number {
  const next = /"\s*,\s*\\*"/y;
  let end = from;
  for (next.lastIndex = end; next.test(text); next.lastIndex = end) end = endOfText(text, next.lastIndex);
  return end;
}

function shownParameter(name: string, value: string): string {
  if (isSecretName(name) || name === 'Signature') return mask;
  if (name === 'AccessKeyId') return shortened(value);
  if (!/%22|%3C/i.test(value)) return value;
  const plain = decoded(value);
  if (plain === undefined) return mask;
  const shown = hideFields(plain);
  return shown === plain ? value : encodeURIComponent(shown);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Encoded by someone else, or cut off within a character.
    return undefined;
  }
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
  return `(?:\\\\*\\x${code.toString(16)}|\\\\+u00${hex}|%(?:25)*${hex}|${entity})`;
}
