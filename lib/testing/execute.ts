/** Runs the command that a user gives to the program. Only the program loads this file. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CommandError } from '../command-line.js';

/** What is set in an environment; `undefined` takes one away. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Resolves with the exit code of a command that runs in this environment and more. `interrupted` gives the signal to pass on. */
export type Execute = (words: readonly string[], more: Variables, interrupted: Promise<unknown>) => Promise<number>;

export const execute: Execute = ([command = '', ...args], more, interrupted) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...more },
      stdio: 'inherit',
      // On Windows npm and its like are scripts, which only a shell starts.
      shell: process.platform === 'win32',
    });
    child.once('error', (error: NodeJS.ErrnoException) => reject(notStarted(command, error)));
    // As a shell tells of it.
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    void interrupted.then((signal) => {
      // A terminal has sent Ctrl-C to both.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
    });
  });

/** The codes are those of a shell. */
function notStarted(command: string, { code }: NodeJS.ErrnoException): CommandError {
  if (code === 'ENOENT') return new CommandError(`There is no program ${command}.`, 127);
  return new CommandError(`The program ${command} can't be started (${code}).`, 126);
}
