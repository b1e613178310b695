/** Runs a whole program from a page, in virtual time, and gives the lines that it writes. */
import { transformSync } from '@swc/core';
import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { isBuiltin } from 'node:module';
import type { Snippet } from './snippets.js';

/** The program sees the sources of this package under their published names, and what it waits for takes no time. */
export function linesOf({ code }: Snippet): string[] {
  const { code: script } = transformSync(code, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const lines: string[] = [];
  const console = { log: (...told: readonly unknown[]) => lines.push(told.map(String).join(' ')) };
  const start = Date.UTC(2026, 0, 1);
  const now = jest.spyOn(Date, 'now').mockImplementation(() => start + asyncScheduler.now());
  try {
    new TestScheduler(() => undefined).run(({ flush }) => {
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the pages of this repository are its own code
      const program = new Function('require', 'exports', 'console', script) as (...given: readonly unknown[]) => void;
      program(load, {}, console);
      flush();
    });
  } finally {
    now.mockRestore();
  }
  return lines;
}

function load(name: string): unknown {
  const [, path] = /^rx-alicloud(?:\/(.*))?$/.exec(name) ?? [];
  if (!name.startsWith('rx-alicloud')) return loadModule(name);
  const entries = ['', 'testing', 'operators', 'opentelemetry'];
  if (entries.includes(path ?? '')) return loadModule(`../../lib/${path === undefined ? '' : `${path}/`}index.ts`);
  if (path === 'credentials') return loadModule('../../lib/providers/index.ts');
  return loadModule(path?.startsWith('waiters/') === true ? `../../lib/${path}.ts` : `../../lib/services/${path}.ts`);
}

function loadModule(name: string): unknown {
  if (isBuiltin(name)) throw new Error(`${name}: the programs on the pages run in browsers, too`);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a program's imports are known when it is run
  return require(name);
}
