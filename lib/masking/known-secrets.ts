/** Hides secrets that are known, in all the ways in which a server may write them. */

/** What stands in the place of a secret. */
export const mask = '***';

/** Known secrets; where finding them takes time, that is done when something is shown. */
export type Secrets = readonly string[] | (() => readonly string[]);

/** Gives what hides them, however they are written: escaped for JSON, XML or a URL, several times too, in base64 or in hex. */
export function hiding(secrets: Secrets): (text: string) => string {
  let known: readonly string[] | undefined;
  return (text) => {
    known ??= writingsOf(typeof secrets === 'function' ? secrets() : secrets);
    return known.length === 0 ? text : without(text, placesOf(known, text));
  };
}

/** A text, and where each of its characters stands in the text that it was read from. */
interface Layer {
  readonly text: string;
  readonly at?: Int32Array;
}

type Place = readonly [from: number, to: number];

function placesOf(known: readonly string[], text: string): Place[] {
  const places: Place[] = [];
  for (const { text: layer, at } of layersOf(text)) {
    for (const secret of known) {
      for (let from = layer.indexOf(secret); from !== -1; from = layer.indexOf(secret, from + secret.length)) {
        const to = from + secret.length;
        places.push([at?.[from] ?? from, at?.[to] ?? to]);
      }
    }
  }
  return places.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}

function without(text: string, places: readonly Place[]): string {
  const shown: string[] = [];
  let end = 0;
  for (const [from, to] of places) {
    if (from >= end) shown.push(text.slice(end, from), mask);
    end = Math.max(end, to);
  }
  return shown.length === 0 ? text : shown.join('') + text.slice(end);
}

/** A text that is longer hides nothing more: each pass undoes all escaping of one kind, however often it was done. */
const deepest = 5;

/** The text as it is, and with its escapes undone one after the other. */
function layersOf(text: string): Layer[] {
  const layers: Layer[] = [{ text }];
  for (let layer: Layer | undefined = layers[0]; layer !== undefined && layers.length < deepest;) {
    layer = unescaped(layer);
    if (layer !== undefined) layers.push(layer);
  }
  return layers;
}

// Repetitions have bounds throughout, as V8 may keep a place to go back to for each: see spec/long-texts.spec.ts.
const percent = '%(?:25){0,100}';
const next = `${percent}[89ab][\\da-f]`;
/**
 * An escape; what was escaped several times in one way is one. A space may be written as `+`, and a line break as `\n`:
 * both texts and secrets are read so that these are the same.
 */
const escapes = new RegExp(
  [
    '\\\\{1,1000}(?:u([\\da-f]{4})|u\\{0{0,100}([\\da-f]{1,6})\\}|x([\\da-f]{2})|([^]))',
    `(${percent}(?:[cd][\\da-f]${next}|e[\\da-f]${next}${next}|f[0-7]${next}${next}${next}|[\\da-f]{2}))`,
    '&(?:amp;){0,100}(?:#0{0,100}(\\d{1,7})|#x0{0,100}([\\da-f]{1,6})|(lt|gt|amp|quot|apos));',
    '([+\\n\\r\\t\\b\\f])',
  ].join('|'),
  'gi',
);
const plain: Readonly<Record<string, string>> = {
  ...{ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" },
  ...{ '+': ' ', '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' },
};

function unescaped({ text, at }: Layer): Layer | undefined {
  const escape = new RegExp(escapes);
  const parts: string[] = [];
  const places = new Int32Array(text.length + 1);
  let [end, length] = [0, 0];
  const take = (part: string, from: number, step: 0 | 1): void => {
    parts.push(part);
    for (let i = 0; i < part.length; i++) places[length++] = at?.[from + i * step] ?? from + i * step;
  };
  for (let found = escape.exec(text); found !== null; found = escape.exec(text)) {
    take(text.slice(end, found.index), end, 1);
    take(characterOf(found), found.index, 0);
    end = escape.lastIndex;
  }
  if (end === 0) return undefined;
  take(text.slice(end), end, 1);
  places[length] = at?.[text.length] ?? text.length;
  return { text: parts.join(''), at: places };
}

function characterOf([, u4, u, x, escaped, encoded, decimal, hex, name, other]: readonly (
  string | undefined
)[]): string {
  const code = u4 ?? u ?? x ?? hex;
  if (code !== undefined) return ofCode(parseInt(code, 16));
  if (decimal !== undefined) return ofCode(Number(decimal));
  if (encoded !== undefined) return decoded(encoded.replace(/%(?:25)*(?=[\da-f]{2})/gi, '%'));
  return plain[name?.toLowerCase() ?? other ?? ''] ?? escaped ?? '';
}

function ofCode(code: number): string {
  return code > 0x10ffff ? '' : (plain[String.fromCodePoint(code)] ?? String.fromCodePoint(code));
}

function decoded(bytes: string): string {
  try {
    const character = decodeURIComponent(bytes);
    return plain[character] ?? character;
  } catch {
    // A byte of another encoding.
    return String.fromCharCode(parseInt(bytes.slice(-2), 16));
  }
}

/** In base64 and in hex, what is shorter may stand anywhere by accident. */
const shortestEncoded = 6;

function writingsOf(secrets: readonly string[]): string[] {
  // The last is what is read of it where each of its bytes was escaped.
  const all = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, ...encodingsOf(secret), binaryOf(secret)]);
  const read = all.flatMap(layersOf).map(({ text }) => text);
  // What stands behind a backslash at the end, nobody knows.
  return [...new Set([...read, ...read.map((text) => text.replace(/\\+$/, ''))])].filter((text) => text !== '');
}

function encodingsOf(secret: string): string[] {
  if (secret.length < shortestEncoded) return [];
  return [binaryOf(secret), binaryOf(JSON.stringify(secret).slice(1, -1)), percentEncoded(secret)].flatMap((binary) => {
    const hex = Array.from(binary, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
    const base64 = [0, 1, 2].map((before) => base64Within(binary, before));
    const forUrls = base64.map((encoded) => encoded.replaceAll('+', '-').replaceAll('/', '_'));
    return [hex, hex.toUpperCase(), ...base64, ...forUrls];
  });
}

/** What base64 of a text with these bytes in it has for them, whatever stands around them. */
function base64Within(binary: string, before: number): string {
  const whole = '\0'.repeat(before) + binary;
  return btoa(whole).slice(Math.ceil((before * 4) / 3), Math.floor((whole.length * 4) / 3));
}

/** A text with a character for each byte of its UTF-8. */
function binaryOf(text: string): string {
  return percentEncoded(text).replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''));
}
