import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

/** What a page takes for granted; `…` stands for any expression. */
const ambient = `
declare const id: string, secret: string, accessKeyId: string, accessKeySecret: string;
declare const token: string;
declare const credentials: import('rx-alicloud').CredentialsProvider;
declare function fetchCredentials(): Promise<import('rx-alicloud').Credentials>;
declare const regions: readonly string[], file: string;
declare function readLines(file: string): AsyncIterable<string>;
declare const client: import('rx-alicloud/ecs').EcsClient;
declare const emulator: import('rx-alicloud/testing').Emulator;
declare function ecsOn(emulator: import('rx-alicloud/testing').Emulator): import('rx-alicloud/ecs').EcsClient;
declare const gateway: import('rx-alicloud/gateway').Gateway;
declare const connection: import('ioredis').Redis;
declare const placeholder: any;
`;

export const published = {
  'rx-alicloud': [resolve('lib/index.ts')],
  'rx-alicloud/credentials': [resolve('lib/providers/index.ts')],
  'rx-alicloud/interop': [resolve('lib/interop/index.ts')],
  'rx-alicloud/interop/node': [resolve('lib/interop/node/index.ts')],
  'rx-alicloud/gateway': [resolve('lib/gateway/index.ts')],
  'rx-alicloud/gateway/node': [resolve('lib/gateway/node/index.ts')],
  'rx-alicloud/gateway/redis': [resolve('lib/gateway/redis/index.ts')],
  'rx-alicloud/angular': [resolve('lib/angular/index.ts')],
  'rx-alicloud/angular/testing': [resolve('lib/angular/testing/index.ts')],
  'rx-alicloud/nestjs': [resolve('lib/nestjs/index.ts')],
  'rx-alicloud/opentelemetry': [resolve('lib/opentelemetry/index.ts')],
  'rx-alicloud/queues': [resolve('lib/queues/index.ts')],
  'rx-alicloud/operators': [resolve('lib/operators/index.ts')],
  'rx-alicloud/bullmq': [resolve('lib/bullmq/index.ts')],
  'rx-alicloud/redis': [resolve('lib/redis/index.ts')],
  'rx-alicloud/waiters/*': [resolve('lib/waiters/*.ts')],
  'rx-alicloud/testing': [resolve('lib/testing/index.ts')],
  'rx-alicloud/testing/fake': [resolve('lib/testing/fake/index.ts')],
  'rx-alicloud/*': [resolve('lib/services/*.ts')],
};

export interface Snippet {
  readonly page: string;
  /** The line of the page before the snippet's first. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(({ index, 1: language = '', 2: code = '' }) => ({
    page,
    line: text.slice(0, index).split('\n').length,
    language,
    code,
  }));
}

/** What the compiler has to say about them. A snippet sees what those before it on the same page have imported. */
export function complaintsAbout(snippets: readonly Snippet[], options: ts.CompilerOptions = {}): string[] {
  const files = new Map([[resolve('ambient.d.ts'), ambient]]);
  const byFile = new Map<string, Snippet>();
  for (const [index, snippet] of snippets.entries()) {
    const before = snippets.slice(0, index).filter(({ page }) => page === snippet.page);
    const file = resolve(`snippet-${index}.ts`);
    files.set(file, `${importsOf(before, snippet)} export {};\n${snippet.code.replaceAll('…', 'placeholder')}`);
    byFile.set(file, snippet);
  }

  const program = ts.createProgram([...files.keys()], { ...compilerOptions(), ...options }, hostWith(files));
  return [...byFile].flatMap(([file, { page, line }]) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ start = 0, messageText }) => {
      // The first line of the file is that of the imports.
      const at = line + (source?.getLineAndCharacterOfPosition(start).line ?? 0);
      return `${page}:${at}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

/** The imports of `before`, without those names that `snippet` brings itself. */
function importsOf(before: readonly Snippet[], snippet: Snippet): string {
  const own = new Set(importedBy(snippet).map(({ name }) => name));
  const earlier = new Map(before.flatMap(importedBy).map(({ name, imported }) => [name, imported]));
  return [...earlier]
    .filter(([name]) => !own.has(name))
    .map(([, imported]) => imported)
    .join(' ');
}

/** Each name, with an import of it alone. */
function importedBy({ code }: Snippet): { name: string; imported: string }[] {
  return [...code.matchAll(/^import (type )?\{([^}]*)\} from '([^']*)';/gm)].flatMap(
    ({ 1: type = '', 2: names = '', 3: from = '' }) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
        .map((name) => ({ name, imported: `import ${type}{ ${name} } from '${from}';` })),
  );
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, resolve('.'));
  return {
    ...options,
    paths: { ...options.paths, ...published },
    noUnusedLocals: false,
    noUnusedParameters: false,
    incremental: false,
  };
}

function hostWith(files: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost({});
  return {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    readFile: (path) => files.get(path) ?? host.readFile(path),
    getSourceFile: (path, options) => {
      const text = files.get(path);
      return text === undefined ? host.getSourceFile(path, options) : ts.createSourceFile(path, text, options);
    },
  };
}
