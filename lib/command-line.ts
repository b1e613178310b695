/** What the commands of the program `rx-alicloud` have in common: how they are read, and how they end. */
import { Command, CommanderError, InvalidArgumentError, type Option, type OptionValues } from 'commander';
import { isAlicloudError } from './errors.js';
import { version } from './version.js';

export interface Printer {
  print(text: string): void;
  printError(text: string): void;
}

/** What a program has around it. */
export interface Terminal extends Printer {
  /** Settles when the user wants the program to end, with the signal that says so. Nobody listens to signals before it is read. */
  readonly interrupted: Promise<unknown>;
}

/** What could not be done, in a sentence for the user. */
export class CommandError extends Error {
  constructor(
    message: string,
    /** What the program ends with. */
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** The program without its commands. It prints to `terminal`, and ends no process. */
export function createProgram(terminal: Printer): Command {
  return new Command('rx-alicloud')
    .description('The reactive SDK for Alibaba Cloud, from outside.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text),
      writeErr: (text) => terminal.printError(text.trimEnd()),
    })
    .enablePositionalOptions()
    .showHelpAfterError('See rx-alicloud --help.')
    .showSuggestionAfterError();
}

/** Resolves with the exit code: 0, or 1 where the program could not do what was asked, unless a command says otherwise. */
export async function runProgram(program: Command, args: readonly string[], terminal: Printer): Promise<number> {
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    // It has been printed.
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof CommandError) && !isAlicloudError(error)) throw error;
    if (error.message !== '') terminal.printError(error.message);
    return error instanceof CommandError ? error.exitCode : 1;
  }
}

/** For options: a whole number >= 0. */
export function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number >= 0.');
}

/** For options: texts with commas between. */
export function list(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  if (!items.includes('')) return items;
  throw new InvalidArgumentError('Expected texts with commas between.');
}

/**
 * Adds the options to a command, each with an environment variable: `--boot-time` of the prefix `RX_ALICLOUD_EMULATOR` is also
 * `RX_ALICLOUD_EMULATOR_BOOT_TIME`. An empty variable, as files of containers often set it, is none.
 */
export function addOptions(command: Command, prefix: string, options: readonly Option[]): Command {
  for (const option of options) {
    const name = `${prefix}_${option.name().toUpperCase().replaceAll('-', '_')}`;
    command.addOption(process.env[name] === '' ? option : option.env(name));
  }
  return command;
}

/** What was given to a command itself: options may stand before its subcommand, too. */
export function givenTo<Options extends OptionValues>(command: Command | null): Partial<Options> {
  const given = Object.entries(command?.opts<Options>() ?? {}).filter(
    ([name]) => command?.getOptionValueSource(name) === 'cli',
  );
  return Object.fromEntries(given) as Partial<Options>;
}
