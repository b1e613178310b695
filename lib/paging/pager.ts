import { entriesOf } from '../schema/values.js';

/**
 * How the pages of an operation are read: what of a request asks for one, and what of an answer tells of it. It is written
 * into the descriptor as one string:
 *
 *     pager  := path { ' ' role [ ':s' | ':n' ] '=' path [ '>' path ] }     the path of the items comes first
 *     role   := 'page' number | 'offset' items before | 'token' | 'size' items at most | 'max' items at most, after a token
 *             | 'total' items | 'pages' pages in all | 'more' whether there are
 *     path   := '.' the whole | name { '.' name }                          before '>' in the request, after it in the answer
 *
 * Without a '>' a role has the same path in both, or nothing in the answer. A page and an offset are numbers and a token is
 * a string in the request, unless `:s` or `:n` says otherwise.
 *
 * Example: `Instances.Instance page=PageNumber token=NextToken size=PageSize max=MaxResults total=TotalCount`
 */
export interface Pager {
  readonly items: Path;
  readonly page?: Asked;
  readonly offset?: Asked;
  readonly token?: Asked;
  readonly size?: Asked;
  readonly max?: Asked;
  readonly total?: Asked;
  readonly pages?: Asked;
  readonly more?: Asked;
}

export type Path = readonly string[];

export interface Asked {
  /** In the request; of `total`, `pages` and `more` nowhere. */
  readonly asked: Path;
  readonly told: Path;
  /** Whether the request has it as a string. */
  readonly isText: boolean;
}

export function parsePager(text: string): Pager {
  const [items = '', ...roles] = text.split(' ');
  const entries = roles.map((role): [string, Asked] => {
    const [, name = '', kind, asked = '', told = asked] = /^(\w+)(?::(.))?=([^>]*)(?:>(.*))?$/.exec(role) ?? [];
    return [
      name,
      { asked: pathOf(asked), told: pathOf(told), isText: kind === undefined ? name === 'token' : kind === 's' },
    ];
  });
  return { items: pathOf(items), ...Object.fromEntries(entries) };
}

function pathOf(text: string): Path {
  return text === '.' ? [] : text.split('.');
}

/** The value at a path; `undefined` where there is none. */
export function readAt(value: unknown, path: Path | undefined): unknown {
  if (path === undefined) return undefined;
  return path.reduce<unknown>((inner, name) => (Object(inner) as Record<string, unknown>)[name], value);
}

/** A copy with another value at a path. */
export function writeAt(value: unknown, [name, ...rest]: Path, written: unknown): unknown {
  if (name === undefined) return written;
  const fields = Object.fromEntries(entriesOf(Object(value) as object));
  return { ...fields, [name]: writeAt(fields[name], rest, written) };
}
