#!/usr/bin/env node
/** The program `rx-alicloud`. */
import { run } from './testing/command.js';

const interrupted = new Promise((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});

void run(process.argv.slice(2), {
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(`${text}\n`),
  interrupted,
}).then((code) => {
  process.exitCode = code;
});
