/**
 * A command line's program and arguments, as a shell takes it apart, but for all that a shell would do with them; nothing
 * where a quote is not closed, or no program is named. On Windows a backslash is a part of paths, except before a double
 * quote within double quotes.
 */
export function splitCommand(command: string, isWindows: boolean): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < command.length; at++) {
    const char = command.charAt(at);
    const next = command.charAt(at + 1);
    if (char === '\\' && isEscape(next, quote, isWindows)) {
      at++;
      // A line that goes on in the next one: neither is a part of the word.
      if (next !== '\n') word = (word ?? '') + next;
    } else if (quote === undefined && char === '\\' && !isWindows) {
      return [];
    } else if (char === quote) {
      quote = undefined;
    } else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (quote === undefined && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return quote === undefined && words[0] !== '' ? words : [];
}

/** Whether a backslash takes away what the next character means. */
function isEscape(next: string, quote: string | undefined, isWindows: boolean): boolean {
  if (next === '' || quote === "'") return false;
  if (isWindows) return quote === '"' && next === '"';
  return quote === undefined || '"\\$`\n'.includes(next);
}
