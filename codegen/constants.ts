/** What the descriptors of a service's operations are called in its file. */
import { compiler } from './compiler.js';

/** As its method, unless that is no name for a constant, or one of `taken`: `exportOperation`. */
export function constantNames(methods: readonly string[], taken: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const isFree = (name: string): boolean =>
    !isReserved(name) && !taken.includes(name) && ![...names.values()].includes(name);
  // Those that have their own name keep it.
  for (const method of methods) if (isFree(method)) names.set(method, method);
  for (const method of methods) {
    let name = `${method}Operation`;
    while (!isFree(name)) name += '_';
    if (!names.has(method)) names.set(method, name);
  }
  return names;
}

/** What no constant of a module may be called. */
function isReserved(name: string): boolean {
  const kind = compiler
    .createScanner(compiler.ScriptTarget.ES2022, true, compiler.LanguageVariant.Standard, name)
    .scan();
  const isWord = kind >= compiler.SyntaxKind.FirstReservedWord && kind <= compiler.SyntaxKind.LastFutureReservedWord;
  return isWord || ['await', 'eval', 'arguments', 'undefined'].includes(name);
}
