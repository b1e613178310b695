#!/usr/bin/env node
/** The program `rx-alicloud`. */
import { run } from './testing/command.js';

const interrupted = new Promise((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});

const terminal = {
  print: (text: string) => void process.stdout.write(text),
  printError: (text: string) => void process.stderr.write(`${text}\n`),
  interrupted,
};

const [command, ...args] = process.argv.slice(2);
void (command === 'generate' ? generate() : run(process.argv.slice(2), terminal)).then((code) => {
  process.exitCode = code;
});

/** Loaded by those who ask for it only. */
async function generate(): Promise<number> {
  const { runGenerate } = await import('../codegen/command.js');
  // There is nothing to close, so an interruption may end it at once.
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  return runGenerate(args, terminal);
}
