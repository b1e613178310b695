/** A `ClientToken`, by which a server knows a call that it has executed before. */

export function isTokenName(name: string): boolean {
  return /^client_?token$/i.test(name);
}

/** Whether a server can tell one call from another by it. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
