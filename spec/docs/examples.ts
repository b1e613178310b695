/** The examples in doc comments, as snippets. What is public they need not import. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as rxjs from 'rxjs';
import type { Snippet } from './snippets.js';

/** Those of all files of `lib` that are written by hand. */
export function examples(): Snippet[] {
  const imports = importsByName();
  return readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('services'))
    .flatMap((file) => examplesOf(join('lib', file)))
    .map((example) => ({ ...example, code: withImports(example.code, imports) }));
}

function examplesOf(page: string): Snippet[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^ *\* @example\n((?: *\*(?!\/| @).*\n)+)/gm)].map(({ index, 1: lines = '' }) => ({
    page,
    line: text.slice(0, index).split('\n').length,
    language: 'ts',
    code: lines.replace(/^ *\* ?/gm, ''),
  }));
}

/** On the first line, so that the others are counted as they stand. */
function withImports(code: string, imports: ReadonlyMap<string, string>): string {
  if (/^import /m.test(code)) return code;
  const used = new Set(code.match(/\b[A-Za-z]\w*\b/g));
  return [...[...imports].filter(([name]) => used.has(name)).map(([, imported]) => imported), code].join(' ');
}

function importsByName(): Map<string, string> {
  const imports = new Map(Object.keys(rxjs).map((name) => [name, `import { ${name} } from 'rxjs';`]));
  const entries = {
    'rx-alicloud/testing': 'lib/testing/index.ts',
    'rx-alicloud/testing/fake': 'lib/testing/fake/index.ts',
    'rx-alicloud/gateway': 'lib/gateway/index.ts',
    'rx-alicloud/gateway/node': 'lib/gateway/node/index.ts',
    'rx-alicloud/gateway/redis': 'lib/gateway/redis/index.ts',
    'rx-alicloud/angular': 'lib/angular/index.ts',
    'rx-alicloud/angular/testing': 'lib/angular/testing/index.ts',
    'rx-alicloud/nestjs': 'lib/nestjs/index.ts',
    'rx-alicloud/interop': 'lib/interop/index.ts',
    'rx-alicloud/opentelemetry': 'lib/opentelemetry/index.ts',
    'rx-alicloud/queues': 'lib/queues/index.ts',
    'rx-alicloud/bullmq': 'lib/bullmq/index.ts',
    'rx-alicloud/redis': 'lib/redis/index.ts',
    'rx-alicloud/credentials': 'lib/providers/index.ts',
    'rx-alicloud/operators': 'lib/operators/index.ts',
    'rx-alicloud': 'lib/index.ts',
  };
  for (const [module, entry] of Object.entries(entries)) {
    for (const { 1: type = '', 2: names = '' } of readFileSync(entry, 'utf8').matchAll(
      /^export (type )?\{([^}]*)\}/gm,
    )) {
      for (const name of names.match(/\w+/g) ?? []) imports.set(name, `import ${type}{ ${name} } from '${module}';`);
    }
    for (const { 1: name = '' } of readFileSync(entry, 'utf8').matchAll(/^export function (\w+)/gm)) {
      imports.set(name, `import { ${name} } from '${module}';`);
    }
  }
  for (const [name, module] of [
    ['EcsClient', 'rx-alicloud/ecs'],
    ['describeInstances', 'rx-alicloud/ecs'],
    ['runInstances', 'rx-alicloud/ecs'],
    ['VpcClient', 'rx-alicloud/vpc'],
    ['Redis', 'ioredis'],
    ['type ApplicationConfig', '@angular/core'],
    ['inject', '@angular/core'],
    ['signal', '@angular/core'],
    ['HttpClient', '@angular/common/http'],
    ['type HttpInterceptorFn', '@angular/common/http'],
    ['provideHttpClient', '@angular/common/http'],
    ['withFetch', '@angular/common/http'],
    ['TestBed', '@angular/core/testing'],
  ] as const) {
    imports.set(name.replace('type ', ''), `import { ${name} } from '${module}';`);
  }
  return imports;
}
