#!/usr/bin/env node
/** The program `rx-alicloud`. */
import { addGenerate } from '../codegen/command.js';
import { addWorker } from './bullmq/worker/command.js';
import { createProgram, runProgram, type Terminal } from './command-line.js';
import { addGateway } from './gateway/command.js';
import { addEmulator } from './testing/command.js';

const terminal: Terminal = {
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(`${text}\n`),
  get interrupted() {
    return new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
  },
};

const program = createProgram(terminal);
addEmulator(program, terminal);
addGateway(program, terminal);
addWorker(program, terminal);
addGenerate(program, terminal);
void runProgram(program, process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
