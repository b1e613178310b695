/**
 * Reads the date of an HTTP header, `Sun, 06 Nov 1994 08:49:37 GMT`, into milliseconds since 1970; anything else is
 * `undefined`, as `Date.parse` alone makes a date of nearly any text with a number in it.
 */
export function parseHttpDate(text: string | undefined): number | undefined {
  if (text === undefined || !imfFixdate.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

const imfFixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
