/** What is said of files that credentials lie in. */
import { homeDirectory } from '#host';
import { unavailable } from './unavailable.js';

/** A path in the home directory; throws where there is none. */
export function inHome(path: string): string {
  const home = homeDirectory();
  if (home !== undefined) return `${home}/${path}`;
  throw unavailable(`~/${path}: there is no home directory; expected the variable HOME, or the option \`file\``);
}

/** The end of a sentence on a file that lacks something. */
export function orEmpty(content: string): string {
  return content.trim() === '' ? ', got an empty file' : '';
}
