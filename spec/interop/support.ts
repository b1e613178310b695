import { accessKey } from '../../lib/credentials/credentials.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';

export function ecsOn({ transport }: Emulator): EcsClient {
  const { accessKeyId, accessKeySecret } = emulatorCredentials;
  return new EcsClient({ regionId: 'cn-hangzhou', credentials: accessKey(accessKeyId, accessKeySecret), transport });
}

/** The values of an iterable, and the error that it ends in. */
export async function drained<T>(values: AsyncIterable<T>): Promise<{ values: T[]; error?: unknown }> {
  const seen: T[] = [];
  try {
    for await (const value of values) seen.push(value);
    return { values: seen };
  } catch (error) {
    return { values: seen, error };
  }
}
