/** Where credentials may lie, in Node: in the environment, in files, with other programs. `host-browser.ts` is its twin. */
import { execFile, type ChildProcess, type ExecFileException } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { map, Observable } from 'rxjs';
import { utf8Of } from './node/utf8.js';

export function hasEnvironment(): boolean {
  return true;
}

/** `undefined` where it is not set, or empty. */
export function environmentVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** `undefined` where it is not known: a container may run as a user that has none. */
export function homeDirectory(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}

/** The most that a file or a program may hold, in bytes. */
const maxLength = 1 << 20;
const tooLong = 'more than 1 MiB';

/** Rejects with an error whose message begins in the middle of a sentence, and shows nothing of what the file holds. */
export async function readTextFile(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    return utf8Of(await bytesOf(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new Error(whyUnreadable(code));
  } finally {
    await file?.close();
  }
}

/** A device or a pipe has no length, and may never end. */
async function bytesOf(file: FileHandle): Promise<Uint8Array> {
  if ((await file.stat()).isDirectory()) throw new Error('it is a folder, expected a file');
  const bytes = Buffer.alloc(maxLength + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = (await file.read(bytes, length, bytes.length - length, null)).bytesRead;
  }
  if (length > maxLength) throw new Error(`it holds ${tooLong}`);
  return bytes.subarray(0, length);
}

function whyUnreadable(code: string): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder, expected a file';
  if (code === 'EACCES' || code === 'EPERM') return `this process may not read it (${code})`;
  return `it can't be read (${code})`;
}

/** How a command line is to be taken apart: on Windows, a backslash belongs to a path. */
export function isWindows(): boolean {
  return process.platform === 'win32';
}

/**
 * Runs a program, without a shell, and emits what it prints. Unsubscribing ends it. The error says how it ended, and
 * nothing of its arguments and its output: they may be secret.
 */
export function runProgram(file: string, args: readonly string[]): Observable<string> {
  return new Observable<Buffer>((subscriber) => {
    const child = started(file, args, (error, output) => {
      if (error !== null) return subscriber.error(new Error(howItEnded(error)));
      subscriber.next(output);
      subscriber.complete();
    });
    child.stdin?.end();
    return () => child.kill();
  }).pipe(map(printedText));
}

function printedText(output: Buffer): string {
  try {
    return utf8Of(output);
  } catch (error) {
    throw new Error(`what it printed: ${(error as Error).message}`);
  }
}

function started(
  file: string,
  args: readonly string[],
  ended: (error: ExecFileException | null, output: Buffer) => void,
): ChildProcess {
  try {
    return execFile(file, args, { windowsHide: true, maxBuffer: maxLength, encoding: 'buffer' }, ended);
  } catch {
    // Node's own error shows the argument that it does not like.
    throw new Error('it could not be started');
  }
}

function howItEnded({ code, signal }: ExecFileException): string {
  if (typeof code === 'number') return `it ended with the exit code ${code}`;
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'this process may not execute it (EACCES)';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `it printed ${tooLong}`;
  return `it ended early (${code ?? signal})`;
}
