/**
 * A text without line breaks and other control characters, which are escaped as in JSON: what a server says can't begin
 * a line of its own in a log, nor steer the terminal that it is read in.
 */
export function onOneLine(text: string): string {
  return text.replace(controlCharacters, escaped);
}

/** A text's lines, each as {@link onOneLine} has it. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replaceAll('\t', '  '))
    .map(onOneLine);
}

/** The two separators count as line breaks in JavaScript and in some viewers. */
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  return short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
