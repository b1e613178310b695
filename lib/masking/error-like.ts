/** What was thrown and is no `Error`, as one: a transport that is not ours may fail with anything. */

/** Facts that say what went wrong and nothing else. */
const facts = ['code', 'status'] as const;
/** Where those who fail write why: `Error`, the services, `fetch` and Angular's `HttpClient`. */
const reasons = ['message', 'Message', 'reason', 'error_description'] as const;
/** A chain that is longer, or goes round. */
const deepest = 8;

/** The value itself where it is an `Error` that can be read, or no object; else its message, status and cause as an `Error`. */
export function errorLike(value: unknown, depth = 0): unknown {
  if (value === '') return new Error('a text with nothing in it was thrown');
  if (typeof value === 'function') return new Error('a function was thrown');
  if (typeof value === 'symbol' || typeof value === 'bigint') return new Error(String(value));
  if (value === undefined || value === null) return new Error(`${value} was thrown, which does not say why`);
  if (typeof value !== 'object' || isReadableError(value)) return value;
  const beneath = read(value, 'cause') ?? objectIn(value, 'error') ?? objectIn(value, 'reason');
  const cause = beneath === undefined || depth === deepest ? undefined : errorLike(beneath, depth + 1);
  const error = new Error(messageIn(value, cause), cause === undefined ? undefined : { cause });
  const name = read(value, 'name');
  if (typeof name === 'string' && name !== '') error.name = name;
  for (const fact of facts) {
    const known = read(value, fact);
    if (typeof known === 'string' || typeof known === 'number') Object.assign(error, { [fact]: known });
  }
  return error;
}

function isReadableError(value: object): boolean {
  try {
    if (!(value instanceof Error)) return false;
    // A getter, or a proxy, may refuse.
    for (const key of Reflect.ownKeys(value)) void (value as unknown as Record<PropertyKey, unknown>)[key];
    const { name, message, stack } = value;
    return (
      typeof name === 'string' && typeof message === 'string' && (stack === undefined || typeof stack === 'string')
    );
  } catch {
    return false;
  }
}

function messageIn(value: object, cause: unknown): string {
  const said = [...reasons, 'error'].map((key) => read(value, key)).find(isText);
  if (said !== undefined) return said;
  const status = read(value, 'status');
  const answered = typeof status === 'number' ? [`HTTP status ${status}`, read(value, 'statusText')] : [];
  const why = [...answered, cause instanceof Error ? cause.message : cause].filter(isText);
  if (why.length > 0) return why.join(': ');
  const names = keysOf(value).slice(0, 10).join(', ');
  return `${kindOf(value)} with ${names === '' ? 'nothing in it' : names} was thrown`;
}

function kindOf(value: object): string {
  try {
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    return /^(Object|Error)$/.test(tag) ? 'an object' : `a ${tag}`;
  } catch {
    return 'an object';
  }
}

function keysOf(value: object): string[] {
  try {
    return Object.keys(value);
  } catch {
    return [];
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function objectIn(value: object, key: string): unknown {
  const within = read(value, key);
  return typeof within === 'object' && within !== null && within !== value ? within : undefined;
}

/** `undefined` where it can't be read. */
function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
