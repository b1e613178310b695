import { defer, from, switchMap } from 'rxjs';
import { readTextFile } from '#host';
import type { CredentialsProvider } from '../credentials/credentials.js';
import { checkOptions } from '../schema/options.js';
import { isObject } from '../schema/values.js';
import { providerOfMode, type ModeContext } from './cli-modes.js';
import { inHome, orEmpty } from './files.js';
import { ofEveryProvider, text, type ProviderOptions } from './options.js';
import { nested, renamed } from './renamed.js';
import { sectionOf, type Section } from './section.js';
import { settling, tried } from './settling.js';
import { explained, unavailable } from './unavailable.js';
import { isSwitchedOn, variable } from './variables.js';

export interface CliProfileOptions extends ProviderOptions {
  /** Which profile. @default `ALIBABA_CLOUD_PROFILE`, else the file's `current` */
  readonly name?: string | undefined;
  /** @default ~/.aliyun/config.json */
  readonly file?: string | undefined;
}

/**
 * A profile of the Alibaba Cloud CLI, as `aliyun configure` writes it, in any of its modes. The file is read by the first
 * call, and again after its credentials were of no use; it is never written.
 * `ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true` switches it off.
 * @throws ConfigurationError where an option can't work.
 */
export function cliProfile(options: CliProfileOptions = {}): CredentialsProvider {
  checkOptions(options, { ...ofEveryProvider, name: text, file: text });
  const { transport, clock } = options;
  const how = { transport, clock };
  const find = defer(() => {
    if (isSwitchedOn('CLI_PROFILE_DISABLED')) {
      throw unavailable('the profiles of the CLI are switched off by ALIBABA_CLOUD_CLI_PROFILE_DISABLED');
    }
    const file = options.file ?? inHome('.aliyun/config.json');
    return from(readTextFile(file)).pipe(
      explained(file),
      switchMap((content) => {
        const { current, profile } = readConfiguration(file, content);
        const name = options.name ?? variable('PROFILE') ?? current;
        return defer(() => tried(providerOfMode(profile(name), { how, profile, path: [name] }))).pipe(
          explained(`profile ${name} of ${file}`),
        );
      }),
    );
  });
  return renamed(
    settling(() => find, { anew: true }),
    (own) => nested('cli_profile', own),
  );
}

interface Configuration {
  readonly current: string;
  readonly profile: ModeContext['profile'];
}

function readConfiguration(file: string, content: string): Configuration {
  const { current, profiles } = parse(file, content);
  const sections = new Map<string, Section>();
  for (const profile of Array.isArray(profiles) ? (profiles as readonly unknown[]) : []) {
    if (!isObject(profile) || typeof profile.name !== 'string') continue;
    sections.set(profile.name, sectionOf(profile.name, new Map(Object.entries(profile))));
  }
  return {
    current: typeof current === 'string' && current !== '' ? current : 'default',
    profile(name) {
      const section = sections.get(name);
      if (section === undefined) throw unavailable(`there is no profile ${name} in the file`);
      return section;
    },
  };
}

function parse(file: string, content: string): Readonly<Record<string, unknown>> {
  let configuration: unknown;
  try {
    configuration = JSON.parse(content);
  } catch {
    // The error shows what it failed at.
  }
  if (isObject(configuration)) return configuration;
  throw unavailable(`${file}: expected a JSON object${orEmpty(content)}`);
}
