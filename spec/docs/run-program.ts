/** Runs a program of the cookbook against an emulator, in this process, and keeps what it writes. */
import { transformSync } from '@swc/core';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { resolve } from 'node:path';
import { ReplaySubject, take } from 'rxjs';

export interface Run {
  readonly args?: readonly string[];
  /** What is typed. */
  readonly input?: string;
  /** How many bytes may wait in its standard output before the program has to. @default that of Node */
  readonly highWaterMark?: number;
  /** Whether somebody reads its standard output, or does not before `read()`. @default true */
  readonly isRead?: boolean;
}

/** A program under way. */
export class Program {
  /** What was written to standard output, by `console.log` as well. */
  output = '';
  errors = '';
  exitCode: number | undefined;
  /** When it has come to its end; rejects with what would have ended the process. */
  readonly ended: Promise<void>;
  private readonly process: EventEmitter;
  private isOver = false;
  private readonly reading = new ReplaySubject<void>(1);

  constructor(name: string, { args = [], input = '', highWaterMark, isRead = true }: Run = {}) {
    if (isRead) this.read();
    const stdout = new Writable({
      ...(highWaterMark !== undefined && { highWaterMark }),
      decodeStrings: false,
      write: (chunk, _encoding, written) => {
        this.output += String(chunk);
        this.reading.pipe(take(1)).subscribe(() => setImmediate(written));
      },
    });
    this.process = Object.assign(new EventEmitter(), {
      argv: ['node', name, ...args],
      env: {},
      stdin: Readable.from([input]),
      stdout,
    });
    const console = {
      log: (...told: readonly unknown[]) => (this.output += `${told.map(String).join(' ')}\n`),
      error: (...told: readonly unknown[]) => (this.errors += `${told.map(String).join(' ')}\n`),
    };
    const program = compiled(name);
    this.ended = program(load, {}, this.process, console).finally(() => (this.isOver = true));
    // Whoever waits is told; until then it is nobody's unhandled rejection.
    this.ended.catch(() => undefined);
  }

  get lines(): string[] {
    return this.output.split('\n').slice(0, -1);
  }

  read(): void {
    this.reading.next();
  }

  signal(name: 'SIGINT' | 'SIGTERM'): void {
    this.process.emit(name);
  }

  /** Lets it go on under fake timers until `condition` holds, or to its end; what it waits for takes no time. */
  async until(condition: () => boolean): Promise<void> {
    while (!this.isOver && !condition()) {
      // What is read and written takes some turns of the event loop.
      await turn();
      await turn();
      if (!this.isOver && !condition()) jest.advanceTimersToNextTimer();
    }
  }

  async end(): Promise<void> {
    await this.until(() => false);
    await this.ended;
    this.exitCode = (this.process as { exitCode?: number }).exitCode;
  }
}

type Compiled = (...given: readonly unknown[]) => Promise<void>;

function compiled(name: string): Compiled {
  const { code } = transformSync(readFileSync(resolve('examples/cookbook', name), 'utf8'), {
    jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const AsyncFunction = (async () => turn()).constructor as new (...parameters: string[]) => Compiled;
  return new AsyncFunction('require', 'exports', 'process', 'console', code);
}

const entries: Readonly<Record<string, string>> = {
  '': 'index.ts',
  credentials: 'providers/index.ts',
  interop: 'interop/index.ts',
  'interop/node': 'interop/node/index.ts',
  operators: 'operators/index.ts',
  queues: 'queues/index.ts',
};

/** The program sees the sources of this package under their published names. */
function load(name: string): unknown {
  const [, path = ''] = /^rx-alicloud\/?(.*)$/.exec(name) ?? [undefined, undefined];
  const own = entries[path] ?? (path.startsWith('waiters/') ? `${path}.ts` : `services/${path}.ts`);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a program's imports are known when it is run
  return require(name.startsWith('rx-alicloud') ? `../../lib/${own}` : name);
}
