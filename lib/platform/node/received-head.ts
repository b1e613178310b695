import type { ExchangeHead } from '../connections.js';

/** The head of an answer. Its headers stay the bytes that undici gives until somebody looks: most callers want the body alone. */
export class ReceivedHead implements ExchangeHead {
  private read: Readonly<Record<string, string>> | undefined = undefined;

  constructor(
    readonly status: number,
    readonly statusText: string,
    /** Names and values by turns. */
    private readonly raw: readonly Buffer[],
  ) {}

  get headers(): Readonly<Record<string, string>> {
    return (this.read ??= this.joined());
  }

  header(name: string): string | undefined {
    if (this.read !== undefined) return Object.hasOwn(this.read, name) ? this.read[name] : undefined;
    const { raw } = this;
    for (let at = 0; at < raw.length; at += 2) {
      // Of most, the length says that they are others.
      if (raw[at]?.length === name.length && nameAt(raw, at) === name) return this.headers[name];
    }
    return undefined;
  }

  /** Those that came more than once are joined by commas, as HTTP has it. */
  private joined(): Record<string, string> {
    const headers: Record<string, string> = {};
    for (let at = 0; at < this.raw.length; at += 2) {
      const name = nameAt(this.raw, at);
      const value = this.raw[at + 1]?.toString('latin1') ?? '';
      const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
      const joined = before === undefined ? value : `${before}, ${value}`;
      if (name === '__proto__') Object.defineProperty(headers, name, { value: joined, enumerable: true });
      else headers[name] = joined;
    }
    return headers;
  }
}

function nameAt(raw: readonly Buffer[], at: number): string {
  return (raw[at]?.toString('latin1') ?? '').toLowerCase();
}
