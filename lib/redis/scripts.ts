import { isObject } from '../schema/values.js';
import { sendCommand, type RedisConnection } from './connection.js';

/** What Redis does in one step: a text in Lua. */
export interface RedisScript {
  readonly lua: string;
}

/** Lua that makes `now` Redis' own time, in milliseconds since 1970. */
export const readNow = `local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * Runs scripts in Redis, 5 or later, each in one round trip: by its hash, once Redis has told that, and by its text where Redis
 * does not know it.
 */
export class ScriptRunner {
  private readonly hashes = new Map<RedisScript, string | undefined>();

  constructor(private readonly connection: RedisConnection) {}

  async run(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    const hash = this.hashes.get(script);
    if (hash !== undefined) {
      try {
        return await this.send(['EVALSHA', hash, ...rest]);
      } catch (error) {
        // Redis has been started anew, or its scripts were thrown away.
        if (!isObject(error) || !String(error.message).startsWith('NOSCRIPT')) throw error;
      }
    }
    const reply = this.send(['EVAL', script.lua, ...rest]);
    if (!this.hashes.has(script)) this.learnHash(script);
    return reply;
  }

  private send(command: readonly string[]): Promise<unknown> {
    return sendCommand(this.connection, command);
  }

  private learnHash(script: RedisScript): void {
    this.hashes.set(script, undefined);
    this.send(['SCRIPT', 'LOAD', script.lua]).then(
      (hash) => this.hashes.set(script, String(hash)),
      () => this.hashes.delete(script),
    );
  }
}
