/** Whether a text can be the value of a header: on one line, in Latin-1. Anything else is an error of Node's, deep inside of it. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}
