/** One profile of a file, whatever the file's format. */
import { unavailable } from './unavailable.js';

export interface Section {
  readonly name: string;
  /** `undefined` where it is not there, or empty. */
  text(key: string): string | undefined;
  /** Throws where it is not there. */
  needed(key: string): string;
  /** A number above 0; `undefined` where it is none. */
  number(key: string): number | undefined;
  has(key: string): boolean;
  /** The same with another value. */
  with(key: string, value: string): Section;
}

export function sectionOf(name: string, values: ReadonlyMap<string, unknown>): Section {
  const text = (key: string): string | undefined => {
    const value = values.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    name,
    text,
    needed(key) {
      const value = text(key);
      if (value === undefined) throw unavailable(`the profile has no ${key}`);
      return value;
    },
    number(key) {
      const value = Number(values.get(key));
      return value > 0 ? value : undefined;
    },
    has: (key) => values.get(key) === true || values.get(key) === 'true',
    with: (key, value) => sectionOf(name, new Map([...values, [key, value]])),
  };
}
