/** Finds the sources of an official package, parsed but not type-checked: `src/client.ts`, and `src/models/*.ts` if the models are not in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type ts from 'typescript';
import { compiler } from './compiler.js';

export interface Package {
  /** Such as `@alicloud/ecs20140526`. */
  readonly name: string;
  readonly version: string;
  readonly client: ts.SourceFile;
  /** The files that hold the models; the client's own, where all is in one file. */
  readonly models: readonly ts.SourceFile[];
}

/** Reads the package that is installed in `folder`. */
export function readPackage(folder: string): Package {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
  const models = existsSync(join(folder, 'src/models'))
    ? readdirSync(join(folder, 'src/models'))
        .sort()
        .map((file) => `src/models/${file}`)
    : [];
  const files = ['src/client.ts', ...models].map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
  return parsePackage(name, version, Object.fromEntries(files) as Record<string, string>);
}

/** The same from texts by path. */
export function parsePackage(name: string, version: string, files: Readonly<Record<string, string>>): Package {
  const parse = (file: string): ts.SourceFile =>
    compiler.createSourceFile(`${name}/${file}`, files[file] ?? '', compiler.ScriptTarget.ES2022, true);
  const client = parse('src/client.ts');
  const models = Object.keys(files).filter((file) => file.startsWith('src/models/'));
  return { name, version, client, models: models.length > 0 ? models.map(parse) : [client] };
}
