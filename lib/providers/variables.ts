/** Environment variables as the providers read them: when they are asked, never before. */
import { environmentVariable, hasEnvironment } from '#host';
import { unavailable } from './unavailable.js';

/** All of them begin so. */
const prefix = 'ALIBABA_CLOUD_';

export function variable(name: string): string | undefined {
  return environmentVariable(prefix + name);
}

export function isSwitchedOn(name: string): boolean {
  return variable(name)?.toLowerCase() === 'true';
}

/** The value of an option, else that of its variable; throws where neither is there. */
export function required(value: string | undefined, name: string, option?: string): string {
  const found = value ?? variable(name);
  if (found !== undefined) return found;
  const missing = hasEnvironment() ? `${prefix}${name} is not set` : 'there is no environment here, outside of Node';
  throw unavailable(option === undefined ? missing : `\`${option}\` is not given, and ${missing}`);
}
