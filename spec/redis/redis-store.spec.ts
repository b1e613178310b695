import { isClientError } from '../../lib/errors.js';
import { redisStore, type RedisClient } from '../../lib/redis/index.js';
import { ScriptRunner } from '../../lib/redis/scripts.js';

const connection: RedisClient = { call: () => Promise.resolve(null), duplicate: () => ({}) };

describe('redisStore', () => {
  it.each<[why: string, options: unknown]>([
    ['no connection', {}],
    ['a URL', { connection: 'redis://127.0.0.1' }],
    ['one that can not be duplicated', { connection: { call: connection } }],
    ['a misspelt option', { connection, prefx: '' }],
    ['a prefix that is no text', { connection, prefix: 1 }],
    ['a lease that is over at once', { connection, leaseTime: 0 }],
    ['a lease that is no number', { connection, leaseTime: '10000' }],
    ['another way', { connection, whenUnavailable: 'wait' }],
    ['no time', { connection, timeout: 0 }],
  ])('refuses %s', (_why, options) => {
    let thrown: unknown;
    try {
      redisStore(options as never);
    } catch (error) {
      thrown = error;
    }
    expect(isClientError(thrown, 'SDK.InvalidConfiguration')).toBe(true);
  });

  it('asks nothing before a limiter needs it', () => {
    const call = jest.fn(() => Promise.resolve(null));
    redisStore({ connection: { call, duplicate: () => ({}) } });
    expect(call).not.toHaveBeenCalled();
  });
});

describe('ScriptRunner', () => {
  it.each(['call', 'sendCommand'] as const)(
    'goes by the hash once it is told, and by the text where that is lost: %s',
    async (name) => {
      const sent: string[] = [];
      let isLost = false;
      const send = (...[command, text]: string[]): Promise<unknown> => {
        sent.push(`${command} ${text}`);
        if (command === 'SCRIPT') return Promise.resolve('abc');
        return command === 'EVALSHA' && isLost
          ? Promise.reject(new Error('NOSCRIPT No matching script.'))
          : Promise.resolve('done');
      };
      const runner = new ScriptRunner(name === 'call' ? { call: send } : { sendCommand: (args) => send(...args) });
      const script = { lua: 'return 1' };
      await runner.run(script, [], []);
      await runner.run(script, ['key'], [1]);
      isLost = true;
      expect(await runner.run(script, [], [])).toBe('done');
      expect(sent).toEqual(['EVAL return 1', 'SCRIPT LOAD', 'EVALSHA abc', 'EVALSHA abc', 'EVAL return 1']);
    },
  );
});
