/** Hides what is secret by its name in texts from elsewhere. Each pass reads a text once, whatever is in it. */
import { mask } from './known-secrets.js';
import { escapesBefore, indexOfNext } from '../schema/scanning.js';
import { isSecretName } from '../secret-names.js';

export { hiding, mask, type Secrets } from './known-secrets.js';
export { isSecretName } from '../secret-names.js';

/** Hides what is secret by its name, in JSON, in JSON within a JSON string, in XML, in forms and in lines of headers. A value may be cut off. */
export function hideFields(text: string): string {
  const names = /[\w.-]{1,200}/g;
  const verdicts = new Map<string, boolean>();
  const shown: string[] = [];
  let end = 0;
  for (let found = names.exec(text); found !== null; found = names.exec(text)) {
    const [name] = found;
    // Longer than any name: passed over to where it ends.
    if (name.length === 200) {
      names.lastIndex = indexOfNext(noneOfName, text, names.lastIndex);
      continue;
    }
    const isSecret = verdicts.get(name) ?? isSecretName(name);
    // The same few names come again and again, in most texts.
    if (verdicts.size < 1000) verdicts.set(name, isSecret);
    if (!isSecret) continue;
    const value = valueAfter(text, found.index, names.lastIndex);
    if (value === undefined) continue;
    shown.push(text.slice(end, value.from), value.shown);
    names.lastIndex = end = value.to;
  }
  return hideKeys(shown.join('') + text.slice(end));
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

/** An access key's id is no secret. It is shortened all the same: a part is enough to recognise it by. */
export function shortened(accessKeyId: string): string {
  return accessKeyId.length < 16 ? mask : `${accessKeyId.slice(0, 4)}${mask}${accessKeyId.slice(-4)}`;
}

const noneOfName = /[^\w.-]/g;

/** Where a value stands, and what is shown in its place. */
interface Value {
  readonly from: number;
  readonly to: number;
  readonly shown: string;
}

/** `undefined` where what looks like a name is none, or the value is nothing to hide. */
function valueAfter(text: string, start: number, end: number): Value | undefined {
  const opening = /(<|&lt;)(?:\w{1,32}:)?$/.exec(text.slice(Math.max(0, start - 40), start))?.[1];
  if (opening !== undefined) return elementAfter(text, start, end, opening);
  const [sign, escapes = '', quote, colon] = matchAt(assignment, text, end) ?? [];
  if (sign === undefined) return undefined;
  const from = end + sign.length;
  const given = matchAt(openingQuote, text, from);
  if (given !== null) {
    const inside = from + given[0].length;
    return { from: inside, to: endOfText(text, inside, given[1]?.length ?? 0, given[2] ?? ''), shown: mask };
  }
  const isMember = colon !== undefined && quote !== undefined;
  const quotes = isMember ? escapes + quote : '';
  if (colon !== undefined && /[{[]/.test(text[from] ?? '')) return structureAt(text, from, quotes || '"');
  const isLine = colon !== undefined && !isMember;
  if (isLine && (sign.includes('\n') || !beginsLine(text, start))) return undefined;
  const to = indexOfNext(isLine ? endOfLine : isMember ? endOfMember : endOfParameter, text, from);
  if (/^(?:true|false|null|undefined|none)?\s*$/i.test(text.slice(from, Math.min(to, from + 20)))) return undefined;
  return { from, to, shown: quotes + mask + quotes };
}

const quoteSign = `(\\\\{0,1000})("|'|&quot;|&#34;|&#39;)`;
const openingQuote = new RegExp(quoteSign, 'y');
const assignment = new RegExp(`(?:${quoteSign})?\\s*(?:(:)|=|%(?:25){0,100}3D)\\s*`, 'iy');
/** What ends a value without quotes: in a line, in a form, in JSON. */
const endOfLine = /[\n\r"'<>\\]/g;
const endOfParameter = /[&\s"'<>\\]|%(?:25){0,100}26/g;
const endOfMember = /[\s,}\]&"'<>\\]/g;

/** Whether a name stands at the beginning of a line, as in YAML and in headers, be the line break escaped or not. */
function beginsLine(text: string, start: number): boolean {
  const preceding = start < 40 ? `\n${text.slice(0, start)}` : text.slice(start - 40, start);
  return /(?:[\n\r]|\\[nr])[ -]*$/.test(preceding);
}

/** An array or an object: all of it, to the bracket that closes it. */
function structureAt(text: string, from: number, quotes: string): Value | undefined {
  if (matchAt(/.\s*[\]}]/sy, text, from) !== null) return undefined;
  const isArray = text[from] === '[';
  const to = endOfStructure(text, from, quotes.length - quotes.replace(/^\\+/, '').length);
  const shown = quotes + mask + (to.isClosed ? quotes : '');
  return isArray ? { from: from + 1, to: to.end, shown } : { from, to: to.isClosed ? to.end + 1 : to.end, shown };
}

/** Where the last bracket stands; where it was cut off, or where the text ends that it stands in, at `depth` of escaping. */
function endOfStructure(
  text: string,
  from: number,
  depth: number,
): { readonly end: number; readonly isClosed: boolean } {
  let open = 0;
  // Sign by sign: a pattern would make an object of each of millions.
  for (let at = from, read = from; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    // Brackets of both kinds end in the same bits: `[` and `{`, `]` and `}`.
    if ((sign | 0x20) === 0x7b) open++;
    else if ((sign | 0x20) === 0x7d) open--;
    else {
      const quote =
        sign === 0x22 ? '"' : sign === 0x26 ? entities.find((entity) => text.startsWith(entity, at)) : undefined;
      if (quote === undefined) continue;
      const escapes = escapesBefore(text, at, read);
      if (escapes < depth) return { end: at - escapes, isClosed: false };
      at = endOfText(text, at + quote.length, escapes, quote) + escapes + quote.length - 1;
      read = at + 1;
    }
    if (open === 0) return { end: at, isClosed: true };
  }
  return { end: text.length, isClosed: false };
}

const entities = ['&quot;', '&#34;'];

/** Where the quote stands that closes a text, at its own depth of escaping; the end of everything where none does. */
function endOfText(text: string, from: number, depth: number, quote: string): number {
  for (let end = text.indexOf(quote, from); end !== -1; end = text.indexOf(quote, end + 1)) {
    const escapes = escapesBefore(text, end, from);
    // Fewer of them end the text that this one stands in.
    if (escapes < depth || escapes % (2 * (depth + 1)) === depth) return end - Math.min(escapes, depth);
  }
  return text.length;
}

/** An element of that name, whose tag may have a value as well; elements in it are its value, too. */
function elementAfter(text: string, start: number, end: number, opening: string): Value | undefined {
  const closing = opening === '<' ? '>' : '&gt;';
  const tagEnd = indexOfNext(endOfTag, text, end);
  const tag = text.slice(end, tagEnd);
  // Where another one begins before it ends, it is no tag.
  if (!text.startsWith(closing, tagEnd)) return undefined;
  const attributes = tag.replace(/(\s(?:value|text|content|data)\s*=\s*)("[^"]*"?|'[^']*'?)/gi, `$1"${mask}"`);
  if (tag.endsWith('/')) return attributes === tag ? undefined : { from: end, to: tagEnd, shown: attributes };
  const from = tagEnd + closing.length;
  const to = endOfElement(text, from, opening, text.slice(start, end));
  if (from === to) return undefined;
  return { from: end, to, shown: attributes + closing + mask };
}

const endOfTag = /[<>]|&[lg]t;/g;

/** Where the tag stands that closes an element; those within sections of plain characters are none. */
function endOfElement(text: string, from: number, opening: string, name: string): number {
  let depth = 1;
  for (let at = text.indexOf(opening, from); at !== -1;) {
    const inside = at + opening.length;
    if (text.startsWith('![CDATA[', inside)) {
      const close = text.indexOf(']]>', at);
      if (close === -1) break;
      at = text.indexOf(opening, close);
      continue;
    }
    const [, slash, found] = matchAt(/(\/?)(?:\w{1,32}:)?([\w.-]{1,128})/y, text, inside) ?? [];
    if (found === name) depth += slash === '/' ? -1 : 1;
    if (depth === 0) return at;
    at = text.indexOf(opening, inside);
  }
  return text.length;
}

/** A private key says itself that it is one. */
function hideKeys(text: string): string {
  const opening = /-----BEGIN[A-Z +%\d]{0,60}PRIVATE(?: |\+|%(?:25){0,100}20)KEY[A-Z +%\d]{0,30}-----/g;
  const shown: string[] = [];
  let end = 0;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const close = text.indexOf('-----END', opening.lastIndex);
    shown.push(text.slice(end, opening.lastIndex), mask);
    opening.lastIndex = end = close === -1 ? text.length : close;
  }
  return shown.join('') + text.slice(end);
}

function shownParameter(name: string, value: string): string {
  if (isSecretName(name)) return mask;
  if (name === 'AccessKeyId') return shortened(value);
  if (!/%22|%3C|%3D|-----/i.test(value)) return value;
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

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
