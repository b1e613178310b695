import { connectionRule, type RedisConnection } from '../../redis/connection.js';
import { ScriptRunner, type RedisScript } from '../../redis/scripts.js';
import { checkOptions, invalidOption, type Rules } from '../../schema/options.js';
import { decodeBase64, encodeBase64 } from '../../transport/base64.js';
import type { AttemptClaim, AttemptState, AttemptStore, StoredAnswer } from '../attempt-store.js';
import { scripts } from './scripts.js';

export interface RedisAttemptsOptions {
  /** A connected client of `ioredis` or of `redis` (node-redis). */
  readonly connection: RedisConnection;
  /** What the keys begin with: another for each application that shares the server. @default 'rx-alicloud:attempt:' */
  readonly prefix?: string | undefined;
}

/**
 * Remembers attempts in Redis, 5 or later, so that of several gateways one alone makes each, and all give its answer. Where the
 * one is gone that was making it, the others answer `Gateway.AttemptUnknown` after its lease, and nothing is executed twice.
 *
 * The answers stand in Redis as they are, secrets and all.
 *
 * @example
 * import { redisAttempts } from 'rx-alicloud/gateway/redis';
 *
 * declare const connection: { call(command: string, ...args: string[]): Promise<unknown> }; // new Redis(…) of ioredis
 *
 * const attempts = { store: redisAttempts({ connection }) };
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function redisAttempts(options: RedisAttemptsOptions): AttemptStore {
  checkOptions<RedisAttemptsOptions>(options, rules, 'redisAttempts.');
  const { connection, prefix = 'rx-alicloud:attempt:' } = options;
  if (connection === undefined) throw invalidOption('redisAttempts.connection', connectionRule.expected, connection);
  const runner = new ScriptRunner(connection);
  const run = (script: RedisScript, { key }: AttemptClaim, ...args: readonly (string | number)[]): Promise<unknown> =>
    runner.run(script, [prefix + key], args);
  return {
    async claim(claim) {
      const { fingerprint, owner, lease, keepFor, takeOver } = claim;
      return stateOf(await run(scripts.claim, claim, fingerprint, owner, lease, keepFor, takeOver ? 1 : 0));
    },
    async renew(claim) {
      await run(scripts.renew, claim, claim.owner, claim.fingerprint, claim.lease, claim.keepFor);
    },
    async answer(claim, answer) {
      const { owner, fingerprint, keepFor } = claim;
      await run(scripts.answer, claim, owner, fingerprint, keepFor, answer === undefined ? '' : written(answer));
    },
    async release(claim) {
      await run(scripts.release, claim, claim.owner);
    },
  };
}

const rules: Rules<RedisAttemptsOptions> = {
  connection: connectionRule,
  prefix: { expected: 'a text', fits: (value) => typeof value === 'string' },
};

/** What a script gives: what has become of the attempt, its fingerprint, and its answer. Throws where it is none of that. */
function stateOf(reply: unknown): AttemptState {
  const [state, fingerprint = '', answer = ''] = Array.isArray(reply) ? reply.map(String) : [];
  switch (state) {
    case 'claimed':
      return { state };
    case 'running':
    case 'lost':
      return { state, fingerprint };
    case 'answered':
      return { state, fingerprint, answer: answer === '' ? undefined : read(answer) };
    default:
      throw new Error('Redis gave no state of an attempt');
  }
}

function written({ body, ...head }: StoredAnswer): string {
  return JSON.stringify({ ...head, body: encodeBase64(body) });
}

function read(json: string): StoredAnswer {
  const { body, ...head } = JSON.parse(json) as Omit<StoredAnswer, 'body'> & { readonly body: string };
  return { ...head, body: decodeBase64(body) };
}
