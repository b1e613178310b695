/** JSON from strangers: what another reader could read otherwise, or would take long to, is refused. */
import { invalid } from './refusal.js';

export interface JsonLimits {
  readonly depth: number;
  readonly listLength: number;
  readonly keys: number;
}

/**
 * Reads JSON by the letter of RFC 8259, integers beyond 2^53 as `bigint`. Refused: names that come twice in an object, or that
 * every object has by itself; what is nested too deep or too long; numbers that no service has; text that is no Unicode.
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  return new StrictParser(decoded(bytes), limits).document();
}

function decoded(bytes: Uint8Array): string {
  try {
    // A byte order mark is none of JSON's, and is kept to be refused.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid('The body is no UTF-8');
  }
}

const space = /[\t\n\r ]*/y;
const plainCharacters = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:(["\\/bfnrt])|u([0-9a-fA-F]{4}))/y;
const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const literal = /true|false|null/y;
const loneSurrogate = /\p{Surrogate}/u;
/** What code that sets members one by one would take for the prototype. */
const inherited: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/** Longer than any number of a service. */
const longestNumber = 40;
const leastInteger = -(2n ** 63n);
const greatestInteger = 2n ** 64n - 1n;
const unescaped: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

class StrictParser {
  private at = 0;
  private depth = 0;
  private keys = 0;

  constructor(
    private readonly text: string,
    private readonly limits: JsonLimits,
  ) {}

  document(): unknown {
    const value = this.value();
    this.match(space);
    if (this.at < this.text.length) throw this.unexpected('the end');
    return value;
  }

  /** Recursive: `limits.depth` ends it. */
  private value(): unknown {
    this.match(space);
    switch (this.text[this.at]) {
      case '{':
        return this.nested(() => this.object());
      case '[':
        return this.nested(() => this.array());
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > this.limits.depth) throw invalid(`The body is nested deeper than ${this.limits.depth} levels`);
    this.at++;
    const value = read();
    this.depth--;
    return value;
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const names = new Set<string>();
    for (let first = true; !this.ends('}', first); first = false) {
      if (this.text[this.at] !== '"') throw this.unexpected('a name');
      const name = this.string();
      if (inherited.has(name)) throw invalid(`The body has a member \`${name}\``);
      if (names.has(name)) throw invalid(`The body has a member twice, at ${this.at}`);
      names.add(name);
      if (++this.keys > this.limits.keys) throw invalid(`The body has more than ${this.limits.keys} members`);
      this.match(space);
      if (this.text[this.at++] !== ':') throw this.unexpected("':'", this.at - 1);
      object[name] = this.value();
    }
    return object;
  }

  private array(): unknown[] {
    const items: unknown[] = [];
    for (let first = true; !this.ends(']', first); first = false) {
      if (items.length === this.limits.listLength) {
        throw invalid(`The body has a list of more than ${this.limits.listLength} items`);
      }
      items.push(this.value());
    }
    return items;
  }

  /** Whether the closing bracket is next, which it takes; else it takes the comma before all members but the first. */
  private ends(bracket: string, first: boolean): boolean {
    this.match(space);
    if (this.text[this.at] === bracket) {
      this.at++;
      return true;
    }
    if (!first) {
      if (this.text[this.at] !== ',') throw this.unexpected(`',' or '${bracket}'`);
      this.at++;
      this.match(space);
    }
    return false;
  }

  private string(): string {
    const start = this.at++;
    let value = '';
    for (;;) {
      value += this.match(plainCharacters)?.[0] ?? '';
      if (this.text[this.at] === '"') break;
      const [escaped, sign, code] = this.match(escape) ?? [];
      if (escaped === undefined) throw this.unexpected('a character of a string, or its end');
      value += code === undefined ? (unescaped[sign ?? ''] ?? sign) : String.fromCharCode(parseInt(code, 16));
    }
    this.at++;
    if (loneSurrogate.test(value)) throw invalid(`The body has a string that is no Unicode, at ${start}`);
    return value;
  }

  private scalar(): unknown {
    const start = this.at;
    const word = this.match(literal)?.[0];
    if (word !== undefined) return word === 'null' ? null : word === 'true';
    const [number, fraction, exponent] = this.match(numberPattern) ?? [];
    if (number === undefined) throw this.unexpected('a value');
    const value = Number(number);
    const isInteger = fraction === undefined && exponent === undefined;
    if (number.length <= longestNumber) {
      if (isInteger ? Number.isSafeInteger(value) : Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
      const exact = isInteger ? BigInt(number) : undefined;
      if (exact !== undefined && exact >= leastInteger && exact <= greatestInteger) return exact;
    }
    throw invalid(`The body has a number beyond 64 bits, at ${start}`);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  /** Nothing of the body is shown: it may hold secrets. */
  private unexpected(expected: string, at = this.at): Error {
    return invalid(`The body is no JSON: expected ${expected} at ${at}`);
  }
}
