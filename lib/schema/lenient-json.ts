/** What servers send for JSON, and is none. */

/** The text without a byte order mark, and with the raw control characters within its strings escaped. */
export function mended(text: string): string {
  let within = false;
  return text.replace(/^\uFEFF/, '').replace(special, (found) => {
    if (found === '"') within = !within;
    return within && found < ' ' ? escaped(found) : found;
  });
}

/** What follows a backslash is passed over. */
const special = /\\[^]|["\0-\x1f]/g;

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
