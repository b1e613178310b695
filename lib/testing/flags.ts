/** The options of `rx-alicloud emulator`: each a flag and an environment variable. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { addOptions, CommandError, list, wholeNumber } from '../command-line.js';
import { isPlainObject } from '../schema/values.js';
import { emulatorCredentials, type EmulatorCredentials } from './credentials.js';
import type { Fault } from './faults.js';
import type { EmulatorOptions } from './options.js';
import type { RateLimit } from './rate-limit.js';

/** As commander gives them. */
export interface Flags {
  readonly port: number;
  readonly host: string;
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly securityToken?: string;
  readonly bearerToken?: readonly string[];
  readonly regions?: readonly string[];
  readonly latency: number;
  readonly bootTime: number;
  readonly listSize: number;
  readonly rateLimit?: RateLimit;
  readonly faults?: readonly Fault[];
  readonly seed?: string;
  readonly record?: string;
  readonly upstream?: string;
  readonly replay?: string;
}

/** Adds them to a command that listens on `port` unless it is told otherwise. */
export function addFlags(command: Command, port: number): Command {
  const flags: Option[] = [
    new Option('--port <number>', 'port to listen on, 0 for any free one').default(port).argParser(wholeNumber),
    new Option('--host <name>', 'interface to listen on').default('127.0.0.1'),
    new Option(
      '--access-key-id <id>',
      `whose calls are accepted; without it, those of ${emulatorCredentials.accessKeyId}`,
    ),
    new Option('--access-key-secret <secret>', `their secret; without it, ${emulatorCredentials.accessKeySecret}`),
    new Option('--security-token <token>', 'the token that they must bring along'),
    new Option('--bearer-token <tokens>', 'bearer tokens that are accepted, with commas between').argParser(list),
    new Option(
      '--regions <ids>',
      'the regions that exist, with commas between; without it, most of the real ones',
    ).argParser(list),
    new Option('--latency <ms>', 'how long every answer is held back').default(0).argParser(wholeNumber),
    new Option('--boot-time <ms>', 'how long an instance takes to start').default(200).argParser(wholeNumber),
    new Option('--list-size <number>', 'how many items a made-up list has that has pages')
      .default(25)
      .argParser(wholeNumber),
    new Option(
      '--rate-limit <calls/ms>',
      'how many calls are let in within how long, such as 100/1000 for each operation, or 100/1000/account',
    ).argParser(rateLimit),
    new Option(
      '--faults <json>',
      `what goes wrong: a list of faults, such as '[{"kind":"throttle","probability":0.1}]'`,
    ).argParser(faults),
    new Option('--seed <text>', "what ids and faults' dice follow from"),
    new Option(
      '--record <file>',
      'sends every call to the real services, signed with the credentials that this machine has, and writes down the answers',
    ).conflicts('replay'),
    new Option(
      '--upstream <url>',
      'where --record sends to; without it, the host of the product in the region of the call',
    ),
    new Option('--replay <file>', 'answers from what --record has written, and refuses all else'),
  ];
  return addOptions(command, 'RX_ALICLOUD_EMULATOR', flags);
}

/** What the emulator is told. Throws a `CommandError` where one half of a pair is missing. */
export function emulatorOptions(flags: Flags): EmulatorOptions {
  const { bearerToken, regions, latency, bootTime, listSize, rateLimit, faults, seed } = flags;
  return {
    credentials: credentialsOf(flags),
    latency,
    bootTime,
    listSize,
    ...(bearerToken === undefined ? {} : { bearerTokens: bearerToken }),
    ...(regions === undefined ? {} : { regions }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(faults === undefined ? {} : { faults }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** Whose calls are accepted. */
export function credentialsOf({ accessKeyId, accessKeySecret, securityToken }: Flags): EmulatorCredentials {
  if ((accessKeyId === undefined) !== (accessKeySecret === undefined)) {
    throw new CommandError('Expected --access-key-id and --access-key-secret together, got one of them.');
  }
  const pair =
    accessKeyId === undefined || accessKeySecret === undefined ? emulatorCredentials : { accessKeyId, accessKeySecret };
  return securityToken === undefined ? pair : { ...pair, securityToken };
}

function rateLimit(text: string): RateLimit {
  const [, calls, per, scope] = /^(\d+)\/(\d+)(?:\/(operation|account))?$/.exec(text) ?? [];
  if (calls === undefined || per === undefined) {
    throw new InvalidArgumentError('Expected calls/ms, calls/ms/operation or calls/ms/account.');
  }
  // The pattern lets nothing else through.
  const scoped = scope === undefined ? {} : { scope: scope as 'operation' | 'account' };
  return { calls: Number(calls), per: Number(per), ...scoped };
}

/** What a fault may say is checked where it is injected. */
function faults(text: string): readonly Fault[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed) && parsed.every(isPlainObject)) return parsed as unknown as Fault[];
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError('Expected a JSON list of faults.');
}
