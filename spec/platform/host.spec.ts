import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectTypeOf } from 'expect-type';
import { firstValueFrom } from 'rxjs';
import * as browser from '../../lib/platform/host-browser.js';
import * as node from '../../lib/platform/host-node.js';

const folder = mkdtempSync(join(tmpdir(), 'host-'));
afterAll(() => rmSync(folder, { recursive: true }));

const script = (code: string): [string, string[]] => [process.execPath, ['-e', code]];

describe('the two hosts', () => {
  it('export the same names, of the same types', () => {
    expectTypeOf(browser).toEqualTypeOf<typeof node>();
    expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
  });
});

describe('in Node', () => {
  it('a variable that is empty is none', () => {
    process.env.HOST_SPEC = 'value';
    expect(node.environmentVariable('HOST_SPEC')).toBe('value');
    process.env.HOST_SPEC = '';
    expect(node.environmentVariable('HOST_SPEC')).toBeUndefined();
    delete process.env.HOST_SPEC;
    expect(node.environmentVariable('HOST_SPEC')).toBeUndefined();
  });

  it('files are read from the home directory, or say what is wrong with them', async () => {
    expect(node.homeDirectory()).toBe(homedir());
    const file = join(folder, 'file');
    writeFileSync(file, 'text é');
    expect(await node.readTextFile(file)).toBe('text é');
    await expect(node.readTextFile(join(folder, 'none'))).rejects.toThrow('there is no such file');
    await expect(node.readTextFile(folder)).rejects.toThrow('it is a folder, expected a file');
  });

  it('a program runs without a shell, and finds its input at its end', async () => {
    const [file, args] = script('process.stdin.on("end", () => console.log(process.argv[1])).resume()');
    expect(await firstValueFrom(node.runProgram(file, [...args, '$HOME; *']))).toBe('$HOME; *\n');
  });

  it.each([
    ['a failure', script('console.error("hunter2"); process.exit(3)'), 'it ended with the exit code 3'],
    ['a signal', script('process.kill(process.pid, "SIGKILL")'), 'it ended early (SIGKILL)'],
    ['too much output', script('console.log("hunter2".repeat(1e6))'), 'it printed more than 1 MiB'],
    ['no program', ['/no/such/hunter2', []] as [string, string[]], 'there is no such program'],
    ['no argument', ['hunter2\0', []] as [string, string[]], 'it could not be started'],
  ])('%s is told without what was said', async (_what, [file, args], message) => {
    const error: unknown = await firstValueFrom(node.runProgram(file, args)).catch((thrown: unknown) => thrown);
    expect(error).toEqual(new Error(message));
  });

  it('unsubscribing ends the program', async () => {
    // It writes its id, then waits for ever.
    const file = join(folder, 'pid');
    const [program, args] = script(
      `require("fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1e6)`,
    );
    const subscription = node.runProgram(program, args).subscribe();
    let pid = '';
    while (pid === '') pid = await node.readTextFile(file).catch(() => '');
    subscription.unsubscribe();
    // It is gone as soon as no signal reaches it.
    const reached = (): boolean => {
      try {
        return process.kill(Number(pid), 0);
      } catch {
        return false;
      }
    };
    while (reached()) await new Promise((resolve) => setImmediate(resolve));
    expect(reached()).toBe(false);
  });
});

describe('outside of Node', () => {
  it('there is nothing, and it says so', async () => {
    expect(browser.hasEnvironment()).toBe(false);
    expect(browser.environmentVariable('PATH')).toBeUndefined();
    await expect(browser.readTextFile('x')).rejects.toThrow('there are no files here, outside of Node');
    await expect(firstValueFrom(browser.runProgram('x', []))).rejects.toThrow('no program can be run here');
  });
});
