/** What the specs of the providers have in common. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { firstValueFrom, from } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Credentials, CredentialsProvider } from '../../lib/credentials/credentials.js';
import type { AlicloudError } from '../../lib/errors.js';

export const given = (provider: CredentialsProvider): Promise<Credentials> => firstValueFrom(from(provider()));

/** The error that a provider gives in place of credentials. */
export async function errorOf(provider: CredentialsProvider): Promise<AlicloudError> {
  try {
    await given(provider);
  } catch (error) {
    return error as AlicloudError;
  }
  throw new Error('Expected an error, got credentials');
}

export const messageOf = async (provider: CredentialsProvider): Promise<string> => (await errorOf(provider)).message;

/** Runs in virtual time, a frame a millisecond. */
export function virtually(
  spec: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0] & { clock: () => number }) => void,
): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run((helpers) => spec({ ...helpers, clock: () => scheduler.now() }));
}

/** A machine of the spec's own: its home directory, and what the environment says of Alibaba Cloud. */
export class Machine {
  readonly home = mkdtempSync(join(tmpdir(), 'home-'));
  private readonly before = { ...process.env };
  private readonly spy = jest.spyOn(os, 'homedir').mockReturnValue(this.home);

  constructor() {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('ALIBABA_CLOUD_')) Reflect.deleteProperty(process.env, name);
    }
  }

  /** Names without their prefix. */
  set(variables: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(variables)) process.env[`ALIBABA_CLOUD_${name}`] = value;
  }

  unset(name: string): void {
    Reflect.deleteProperty(process.env, `ALIBABA_CLOUD_${name}`);
  }

  /** Writes a file, and gives its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  end(): void {
    process.env = this.before;
    this.spy.mockRestore();
    rmSync(this.home, { recursive: true });
  }
}

/** All that an error shows of itself, in whatever way it is printed. */
export function shownOf(error: unknown): string {
  return [String(error), JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })].join('\n');
}
