/** Where credentials may lie, in Node: in the environment, in files, with other programs. `host-browser.ts` is its twin. */
import { execFile, type ChildProcess, type ExecFileException } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { Observable } from 'rxjs';

export function hasEnvironment(): boolean {
  return true;
}

/** `undefined` where it is not set, or empty. */
export function environmentVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

export function homeDirectory(): string {
  return homedir();
}

/** Rejects with an error whose message begins in the middle of a sentence. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === 'ENOENT' ? 'there is no such file' : `it can't be read (${code})`);
  }
}

/** How a command line is to be taken apart: on Windows, a backslash belongs to a path. */
export function isWindows(): boolean {
  return process.platform === 'win32';
}

/** The most that a program may print, in bytes. */
const maxOutput = 1 << 20;

/**
 * Runs a program, without a shell, and emits what it prints. Unsubscribing ends it. The error says how it ended, and
 * nothing of its arguments and its output: they may be secret.
 */
export function runProgram(file: string, args: readonly string[]): Observable<string> {
  return new Observable((subscriber) => {
    const child = started(file, args, (error, output) => {
      if (error !== null) return subscriber.error(new Error(howItEnded(error)));
      subscriber.next(output);
      subscriber.complete();
    });
    child.stdin?.end();
    return () => child.kill();
  });
}

function started(
  file: string,
  args: readonly string[],
  ended: (error: ExecFileException | null, output: string) => void,
): ChildProcess {
  try {
    return execFile(file, args, { windowsHide: true, maxBuffer: maxOutput }, ended);
  } catch {
    // Node's own error shows the argument that it does not like.
    throw new Error('it could not be started');
  }
}

function howItEnded({ code, signal }: ExecFileException): string {
  if (typeof code === 'number') return `it ended with the exit code ${code}`;
  if (code === 'ENOENT') return 'there is no such program';
  return `it ended early (${code ?? signal})`;
}
