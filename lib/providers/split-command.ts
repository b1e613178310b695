/** A command line's program and arguments, as a shell takes it apart, but for all that a shell would do with them. */
export function splitCommand(command: string, isWindows: boolean): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const piece = isWindows ? windowsPiece : posixPiece;
  const pieces = [...command.matchAll(piece)];
  for (const { 1: double, 2: single, 3: plain } of pieces) {
    const text = double?.replace(isWindows ? /\\(")/g : /\\(["\\$`])/g, '$1') ?? single ?? plain;
    if (text !== undefined) {
      word = (word ?? '') + (plain === undefined || isWindows ? text : text.replace(/\\([^])/g, '$1'));
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  // What fits no piece, such as a quote that is never closed, ends the matches early.
  const read = pieces.reduce((length, [text]) => length + text.length, 0);
  return read === command.length ? words : [];
}

/** Between double quotes; between single quotes; bare; white space. A backslash takes away what the next character means. */
const posixPiece = /"((?:\\[^]|[^"\\])*)"|'([^']*)'|((?:\\[^]|[^\s"'\\])+)|\s+/gy;
/** Here it is a part of paths, except before a double quote. */
const windowsPiece = /"((?:\\"|[^"])*)"|'([^']*)'|([^\s"']+)|\s+/gy;
