/**
 * What can go to another process and come out equal there: JSON, and beside it bytes, bigints, dates and what else JSON would
 * change without a word. Each of those is written as `{ "@": [kind, value] }`, and so is an object that has such a field itself.
 */
import { describe } from '../schema/describe.js';
import { decodeBase64, encodeBase64 } from '../transport/base64.js';

/** Throws: `path` is where a value stands that can't travel. */
export type RefuseValue = (path: string, expected: string, received: string) => never;

/** JSON has no limit of its own, and the stack has one. */
const deepest = 500;

const expected = 'plain data, which can go to another process';

/** Gives a copy that JSON keeps as it is; what is `undefined` in an object is left out of it. `path` is where the value stands. */
export function toTransfer(value: unknown, path: string, refuse: RefuseValue): unknown {
  const around = new Set<object>();

  const write = (value: unknown, path: string): unknown => {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        if (!Number.isFinite(value)) return refuse(path, expected, String(value));
        return Object.is(value, -0) ? tagged('number', '-0') : value;
      case 'bigint':
        return tagged('bigint', String(value));
      case 'undefined':
        return tagged('undefined', '');
      case 'object':
        return value === null ? null : writeObject(value, path);
      default:
        return refuse(path, expected, describe(value));
    }
  };

  const writeObject = (value: object, path: string): unknown => {
    if (around.has(value)) return refuse(path, expected, 'an object that contains itself');
    if (around.size === deepest) return refuse(path, `nested at most ${deepest} deep`, 'something deeper');
    switch (tagOf(value)) {
      case 'Uint8Array':
        return tagged('bytes', encodeBase64(value as Uint8Array));
      case 'ArrayBuffer':
        return tagged('buffer', encodeBase64(new Uint8Array(value as ArrayBuffer)));
      case 'Date':
        return writeDate(value as Date, path);
    }
    around.add(value);
    const written = Array.isArray(value) ? writeArray(value, path) : writeFields(value, path);
    around.delete(value);
    return written;
  };

  const writeDate = (value: Date, path: string): unknown =>
    Number.isNaN(value.getTime()) ? refuse(path, expected, 'an invalid Date') : tagged('date', value.toISOString());

  // Not `map`, which leaves the holes out.
  const writeArray = (value: readonly unknown[], path: string): unknown =>
    Array.from(value, (each, i) => write(each, `${path}[${i}]`));

  const writeFields = (value: object, path: string): unknown => {
    if (!isPlain(value)) return refuse(path, expected, describe(value));
    const [symbol] = Object.getOwnPropertySymbols(value);
    if (symbol !== undefined)
      return refuse(`${path}[${String(symbol)}]`, expected, 'a field with a symbol for its name');
    const fields: [string, unknown][] = [];
    for (const [name, field] of Object.entries(value)) {
      if (field !== undefined) fields.push([name, write(field, path === '' ? name : `${path}.${name}`)]);
    }
    // One that is called `__proto__` is a field as any other.
    const written = Object.fromEntries(fields);
    return Object.hasOwn(written, mark) ? tagged('object', written) : written;
  };

  return write(value, path);
}

/**
 * How many bytes of JSON a value makes at most, where {@link toTransfer} would write it as it is; else `undefined`. Most answers are
 * such, and are neither copied nor written only to be measured: that is most of what a queue would cost them.
 */
export function plainSize(value: unknown): number | undefined {
  let size = 0;
  const add = (value: unknown, depth: number): boolean => {
    size += 6;
    // What is larger, or contains itself, is for those who look closely.
    if (size > largestPlain) return false;
    switch (typeof value) {
      case 'string':
        // As an escape, each of its units takes six bytes.
        size += 6 * value.length;
        return true;
      case 'boolean':
        return true;
      case 'number':
        size += 24;
        return Number.isFinite(value) && !Object.is(value, -0);
      case 'object':
        if (value === null) return true;
        if (depth === 0) return false;
        return Array.isArray(value) ? addArray(value, depth - 1) : addFields(value, depth - 1);
      default:
        return false;
    }
  };
  const addArray = (values: readonly unknown[], depth: number): boolean => {
    // Its holes, too.
    for (const each of values) if (!add(each, depth)) return false;
    return true;
  };
  const addFields = (value: object, depth: number): boolean => {
    if (!isPlain(value) || Object.hasOwn(value, mark) || Object.getOwnPropertySymbols(value).length > 0) return false;
    for (const name of Object.keys(value)) {
      const field = (value as Readonly<Record<string, unknown>>)[name];
      // JSON leaves it out as well.
      if (field === undefined) continue;
      size += 6 * name.length;
      if (!add(field, depth)) return false;
    }
    return true;
  };
  return add(value, deepest) ? size : undefined;
}

/** In bytes. */
const largestPlain = 2 ** 24;

/** What {@link toTransfer} was given, from what it gave, which is its own from then on. */
export function fromTransfer(written: unknown): unknown {
  return hasTag(written) ? read(written) : written;
}

/** Most have none, and need no copy. */
function hasTag(written: unknown): boolean {
  if (typeof written !== 'object' || written === null) return false;
  if (Array.isArray(written)) return written.some(hasTag);
  if (Object.hasOwn(written, mark)) return true;
  for (const name of Object.keys(written))
    if (hasTag((written as Readonly<Record<string, unknown>>)[name])) return true;
  return false;
}

function read(written: unknown): unknown {
  if (typeof written !== 'object' || written === null) return written;
  if (Array.isArray(written)) return written.map(read);
  if (!Object.hasOwn(written, mark)) return readFields(written);
  const [kind, value] = (written as { readonly [mark]: readonly [kind: string, value: unknown] })[mark];
  switch (kind) {
    case 'bytes':
      return decodeBase64(String(value));
    case 'buffer':
      return decodeBase64(String(value)).slice().buffer;
    case 'date':
      return new Date(String(value));
    case 'bigint':
      return BigInt(String(value));
    case 'number':
      return Number(value);
    case 'undefined':
      return undefined;
    default:
      return readFields(value as object);
  }
}

function readFields(written: object): object {
  return Object.fromEntries(Object.entries(written).map(([name, value]) => [name, read(value)]));
}

const mark = '@';

function tagged(kind: string, value: unknown): unknown {
  return { [mark]: [kind, value] };
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** Whether its own fields are all there is to it: those of a class have their methods beside them. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Of whichever realm.
  return prototype === null || Object.hasOwn(prototype, 'isPrototypeOf');
}
