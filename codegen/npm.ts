/** Runs npm, and says why it failed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What it printed. Arguments must need no quotes: on Windows npm is a script, which only a shell starts. */
export async function runNpm(args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', args, {
    maxBuffer: 1 << 26,
    shell: process.platform === 'win32',
    ...(cwd !== undefined && { cwd }),
  });
  return stdout;
}

/** The line of npm's own that says most. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /npm error (?!code)(.+)/.exec(text)?.[1] ?? text.split('\n', 1)[0]!;
}
