/** TypeScript programs as processes of their own, for those who kill them. */
import { fork, type ChildProcess } from 'node:child_process';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { filter, firstValueFrom, map, ReplaySubject, type Observable } from 'rxjs';

export interface Program {
  readonly pid: number;
  /** All that it says by `process.send`, from its start on; completes when it has ended. */
  readonly messages$: Observable<unknown>;
  /** The first of them that has the given property; rejects where it ends before. */
  told<T>(property: string): Promise<T>;
  send(message: unknown): void;
  /** Such as `SIGSTOP`, which lets it stand still until `SIGCONT`. */
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended, with its exit code, or null where a signal ended it. */
  kill(signal?: NodeJS.Signals): Promise<number | null>;
  /** The same, without a signal. */
  readonly ended: Promise<number | null>;
}

/** Bundles `entry` into `folder`, with all that it imports. Gives the file. */
export function buildProgram(entry: string, folder: string): string {
  const outfile = join(folder, `${basename(entry, '.ts')}.cjs`);
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  return outfile;
}

/** With the given arguments, as JSON. */
export function startProgram(file: string, ...args: readonly unknown[]): Program {
  const child: ChildProcess = fork(
    file,
    args.map((arg) => JSON.stringify(arg)),
    { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const abandon = (): void => void child.kill('SIGKILL');
  process.once('exit', abandon);
  const messages$ = new ReplaySubject<unknown>();
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      process.off('exit', abandon);
      resolve(code);
    });
  });
  child.on('message', (message) => messages$.next(message));
  void ended.then(() => messages$.complete());
  child.on('error', () => undefined);

  return {
    pid: child.pid ?? 0,
    messages$: messages$.asObservable(),
    told: <T>(property: string) =>
      firstValueFrom(
        messages$.pipe(
          filter((message) => typeof message === 'object' && message !== null && property in message),
          // The two sides of a program agree on what it says.
          map((message) => (message as Record<string, T>)[property] as T),
        ),
      ).catch(() => {
        throw new Error(`${basename(file)} has ended without telling ${property}`);
      }),
    // To one that has ended, nothing is said.
    send: (message) => void (child.connected && child.send(message as object)),
    signal: (name) => void child.kill(name),
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      // One that stands still would hear of nothing else.
      child.kill('SIGCONT');
      return ended;
    },
    ended,
  };
}
