/**
 * The grammar of the generated tables. A table is one string, cheap to load and parsed on the operation's first call:
 *
 *     table   := { '#' name '=' type ';' } type      definitions first, for types that repeat or contain themselves or each other
 *     type    := 's' string | 'n' number | 'l' 64-bit integer | 'b' boolean | 'a' anything
 *              | '[' type ']' array | '<' type '>' map by name | '{' fields '}' struct | '$' name reference
 *     fields  := [ field { ',' field } ]
 *     field   := name ':' type [ '!' required | '^' required, and the client's region where absent ] [ '~' style ]
 *     style   := 'j' JSON | 'c' comma | 's' space | 'p' pipe      sent as one string
 *     name    := characters other than : , ; = ! ^ ~ $ " and brackets | a JSON string
 *
 * Example: `RegionId:s!,PageSize:n,Tag:[{Key:s,Value:s}]`
 */

export type Scalar = 'string' | 'number' | 'long' | 'boolean' | 'any';
export type Style = 'json' | 'comma' | 'space' | 'pipe';

export type Schema =
  | { readonly kind: Scalar }
  | { readonly kind: 'array'; readonly items: Schema }
  | { readonly kind: 'map'; readonly values: Schema }
  | Struct;

export interface Struct {
  readonly kind: 'struct';
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  /** Where it is absent, the client's region takes its place. */
  readonly isRegion?: true | undefined;
  /** How the value becomes one string; absent where it is sent as it is. */
  readonly style?: Style | undefined;
}

/** A body's table: the fields of a struct, or the one field that is the whole body. */
export type Body = { readonly whole: Field } | { readonly fields: readonly Field[] };

/** Parses a table that is one type: a response's. */
export function parseType(table: string): Schema {
  return new Parser(table).table();
}

/** Parses a table that is a list of fields: a query's or the headers'. */
export function parseFields(table: string): readonly Field[] {
  return new Parser(table).fieldTable();
}

/** Parses a body's table. */
export function parseBody(table: string): Body {
  return new Parser(table).body();
}

const scalars: Readonly<Record<string, Scalar>> = { s: 'string', n: 'number', l: 'long', b: 'boolean', a: 'any' };
const styles: Readonly<Record<string, Style>> = { j: 'json', c: 'comma', s: 'space', p: 'pipe' };
const bareName = /[^:,;=!^~$"[\]{}<>]+/y;
const jsonString = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

class Parser {
  private at = 0;
  private readonly definitions = Object.create(null) as Record<string, Schema>;

  constructor(private readonly text: string) {}

  table(): Schema {
    this.define();
    return this.end(this.type());
  }

  fieldTable(): readonly Field[] {
    this.define();
    return this.end(this.fields(''));
  }

  body(): Body {
    this.define();
    if (!/^(?:[^:,;=!^~$"[\]{}<>]+|"(?:[^"\\]|\\.)*")=/.test(this.text.slice(this.at))) {
      return { fields: this.end(this.fields('')) };
    }
    return { whole: this.end(this.field('=')) };
  }

  /** `#name=type;` … Types may contain themselves and each other, so each exists before it is read. */
  private define(): void {
    while (this.take('#')) {
      const schema = this.named();
      this.expect('=');
      Object.assign(schema, this.type());
      this.expect(';');
    }
  }

  private named(): Schema {
    return (this.definitions[this.name()] ??= {} as Schema);
  }

  private type(): Schema {
    const at = this.at;
    const start = this.text[this.at++];
    if (start === '[') return this.closed(']', { kind: 'array', items: this.type() });
    if (start === '<') return this.closed('>', { kind: 'map', values: this.type() });
    if (start === '{') return this.closed('}', { kind: 'struct', fields: this.fields('}') });
    if (start === '$') return this.reference();
    const scalar = start === undefined ? undefined : scalars[start];
    if (scalar === undefined) throw this.error('a type', at);
    return { kind: scalar };
  }

  private reference(): Schema {
    const at = this.at;
    const schema = this.named();
    // Its definition may come later.
    if (!this.text.includes(`#${this.text.slice(at, this.at)}=`)) throw this.error('a defined name', at);
    return schema;
  }

  private fields(end: string): Field[] {
    const fields: Field[] = [];
    while (this.at < this.text.length && this.text[this.at] !== end) {
      if (fields.length > 0) this.expect(',');
      fields.push(this.field(':'));
    }
    return fields;
  }

  private field(separator: ':' | '='): Field {
    const name = this.name();
    this.expect(separator);
    return { name, schema: this.type(), ...this.presence(), style: this.style() };
  }

  private presence(): Pick<Field, 'required' | 'isRegion'> {
    return this.take('^') ? { required: true, isRegion: true } : { required: this.take('!') };
  }

  private style(): Style | undefined {
    if (!this.take('~')) return undefined;
    const style = styles[this.text[this.at] ?? ''];
    if (style === undefined) throw this.error('a style');
    this.at++;
    return style;
  }

  private name(): string {
    if (this.text[this.at] === '"') return JSON.parse(this.match(jsonString)) as string;
    return this.match(bareName);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw this.error('a name');
    this.at += found.length;
    return found;
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private expect(character: string): void {
    if (!this.take(character)) throw this.error(`'${character}'`);
  }

  private closed<T>(end: string, parsed: T): T {
    this.expect(end);
    return parsed;
  }

  private end<T>(parsed: T): T {
    if (this.at < this.text.length) throw this.error('the end');
    return parsed;
  }

  private error(expected: string, at = this.at): Error {
    return new SyntaxError(`Expected ${expected} at ${at} of the table ${this.text}`);
  }
}
