/** What logs need to know of the machine. */
import { hostname } from 'node:os';

/** The environment's `DEBUG`. */
export function debugVariable(): string | undefined {
  return process.env.DEBUG;
}

/** The process and the machine that it runs on. */
export function machine(): { pid: number | undefined; hostname: string | undefined } {
  return { pid: process.pid, hostname: hostname() };
}

/** Shows lines to whoever runs the program. */
export function showDiagnostics(text: string): void {
  process.stderr.write(`${text}\n`);
}
