/** What servers send for JSON, and is none. */

/** The text without a byte order mark, and with the raw control characters within its strings escaped. */
export function mended(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(string, (token) => token.replace(control, escaped));
}

/** One that does not end reaches to the end of the text, so that the text is passed over once. */
const string = /"[^"\\]*(?:\\[^]?[^"\\]*)*(?:"|$)/g;
/** What follows a backslash is passed over. */
const control = /\\[^]|[\0-\x1f]/g;

function escaped(found: string): string {
  return found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
