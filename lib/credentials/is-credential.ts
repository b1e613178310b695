/** What goes into a header, and what signs. A secret read from a file comes with a line break, and no server says so. */
export function isCredential(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}
