/** Looks through long texts without patterns that repeat: V8 may keep a place to go back to for each repetition. */

/** Where the next match of a global pattern begins, from `from` on; the end of the text where there is none. */
export function indexOfNext(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/** How many backslashes stand before `at`, from `from` on. */
export function escapesBefore(text: string, at: number, from: number): number {
  let escapes = 0;
  while (at - escapes > from && text.charCodeAt(at - escapes - 1) === 0x5c) escapes++;
  return escapes;
}
