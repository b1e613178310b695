/** What the commands of the program `rx-alicloud` have in common: how they are read, and how they end. */
import { Command, CommanderError, InvalidArgumentError, type Option, type OptionValues } from 'commander';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isAlicloudError, messageOf } from './errors.js';
import { meant } from './schema/meant.js';
import { isPlainObject } from './schema/values.js';
import { catalog, type CatalogEntry } from './services/catalog.js';
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

/** What the default export of an ES module says of the options that flags go before. `of` is whose they are, such as `createGateway`. */
export async function readConfigFile(file: string | undefined, of: string): Promise<Readonly<Record<string, unknown>>> {
  if (file === undefined) return {};
  const module = (await import(pathToFileURL(resolve(file)).href).catch((error: unknown) => {
    throw new CommandError(`The file ${file} can't be loaded: ${messageOf(error)}`);
  })) as { readonly default?: unknown };
  const config = module.default;
  if (isPlainObject(config)) return config;
  throw new CommandError(`Expected the default export of ${file} to be an object, options of ${of}.`);
}

/** The product, in the version of its subpath without one unless another is asked for. @throws CommandError where there is none. */
export function entryOf(product: string, version: string | undefined): CatalogEntry {
  const entries = catalog.filter((entry) => entry.product === product);
  if (entries.length === 0) {
    const products = catalog.map((entry) => entry.product);
    throw new CommandError(`There is no product ${product}${meant(product, products)}.`);
  }
  const chosen =
    version === undefined
      ? (entries.find(({ name }) => !/-\d{8}$/.test(name)) ?? entries.at(-1))
      : entries.find((entry) => entry.version === version);
  if (chosen !== undefined) return chosen;
  throw new CommandError(
    `There is no version ${version} of ${product}, but ${entries.map((entry) => entry.version).join(', ')}.`,
  );
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
