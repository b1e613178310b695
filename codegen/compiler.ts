/**
 * The compiler's API, by which packages are read. It is loaded with the first module that reads, after
 * `provideCompiler` has seen to it that there is one: the package depends on none, so that it is installed beside any.
 */
import { createRequire } from 'node:module';
import type ts from 'typescript';
import { compilerPlaces, findCompiler } from './provide-compiler.js';

export const compiler: typeof ts = loadCompiler();

function loadCompiler(): typeof ts {
  const { found } = findCompiler(compilerPlaces());
  if (found === undefined) throw new Error('Expected typescript, got none: call provideCompiler first');
  return createRequire(found.manifest)(found.folder) as typeof ts;
}
