/** The options of `rx-alicloud gateway`: each a flag and an environment variable. */
import { Option, type Command } from 'commander';
import { addOptions, list, wholeNumber } from '../command-line.js';

/** As commander gives them. */
export interface Flags {
  readonly port: number;
  readonly host: string;
  readonly path?: string;
  readonly origin?: readonly string[];
  readonly allow?: readonly string[];
  readonly regions?: readonly string[];
  readonly config?: string;
  readonly emulator?: boolean;
}

/** Where a page is that its dev server serves: that of Angular's CLI. */
export const devOrigin = 'http://localhost:4200';

/** Adds them to a command that listens on `port` unless it is told otherwise. */
export function addFlags(command: Command, port: number): Command {
  const flags: Option[] = [
    new Option('--port <number>', 'port to listen on, 0 for any free one').default(port).argParser(wholeNumber),
    new Option('--host <name>', 'interface to listen on').default('127.0.0.1'),
    new Option('--path <path>', 'where the gateway is below that; without it, /api/alicloud'),
    new Option(
      '--origin <origins>',
      "the origins of the pages that may call, with commas between; without it, that of Angular's server for development, localhost:4200",
    ).argParser(list),
    new Option(
      '--allow <operations>',
      'what may be called, with commas between, such as Ecs:DescribeInstances or Ecs:Describe*',
    ).argParser(list),
    new Option(
      '--regions <ids>',
      'the regions that calls may go to, with commas between; the first is that of calls that name none',
    ).argParser(list),
    new Option('--config <file>', 'an ES module whose default export is options of createGateway, such as authorize'),
    new Option('--emulator', 'starts an emulator and calls that: without an account, and any operation of Ecs'),
  ];
  return addOptions(command, 'RX_ALICLOUD_GATEWAY', flags);
}
