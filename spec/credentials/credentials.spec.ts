import { inspect } from 'node:util';
import { firstValueFrom, from } from 'rxjs';
import {
  accessKey,
  bearerToken,
  idToken,
  stsToken,
  type CredentialsProvider,
} from '../../lib/credentials/credentials.js';

const given = (provider: CredentialsProvider): Promise<unknown> => firstValueFrom(from(provider()));

describe('a provider of fixed credentials', () => {
  it.each<[name: string, provider: CredentialsProvider, credentials: object]>([
    ['accessKey', accessKey('id', 'secret'), { accessKeyId: 'id', accessKeySecret: 'secret' }],
    [
      'stsToken',
      stsToken('id', 'secret', 'a+b/c=='),
      { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'a+b/c==' },
    ],
    ['bearerToken', bearerToken('e30.e30.x'), { bearerToken: 'e30.e30.x' }],
    ['idToken', idToken('e30.e30.x'), { idToken: 'e30.e30.x' }],
  ])('%s gives them whenever asked', async (_name, provider, credentials) => {
    expect(await given(provider)).toMatchObject(credentials);
    expect(await given(provider)).toMatchObject(credentials);
  });

  it.each([
    accessKey('id', 'hunter2'),
    stsToken('id', 'hunter2', 'hunter2'),
    bearerToken('hunter2'),
    idToken('hunter2'),
  ])('shows no secret', (provider) => {
    expect(inspect(provider, { depth: 9, showHidden: true })).not.toContain('hunter2');
    expect(JSON.stringify({ provider })).not.toContain('hunter2');
  });
});

describe('an argument that is no credential', () => {
  const blank = 'a string with other characters in it';

  it.each<[value: unknown, received: string]>([
    [undefined, 'nothing'],
    [null, 'nothing'],
    ['', 'an empty string'],
    [' ', blank],
    ['hunter2\n', blank],
    ['hunter 2', blank],
    ['hunter2é', blank],
    [42, 'a number'],
    [{ secret: 'hunter2' }, 'an object'],
  ])('%j is refused at once, by its name and without its value', (value, received) => {
    const bad = value as string;
    const calls: [path: string, call: () => unknown][] = [
      ['accessKeyId', () => accessKey(bad, 'secret')],
      ['accessKeySecret', () => accessKey('id', bad)],
      ['accessKeyId', () => stsToken(bad, 'secret', 'token')],
      ['accessKeySecret', () => stsToken('id', bad, 'token')],
      ['securityToken', () => stsToken('id', 'secret', bad)],
      ['bearerToken', () => bearerToken(bad)],
      ['idToken', () => idToken(bad)],
    ];
    for (const [path, call] of calls) {
      expect(call).toThrow(
        expect.objectContaining({
          name: 'ConfigurationError',
          message: `Expected \`${path}\` to be a non-empty string of visible ASCII characters, got ${received}`,
        }) as Error,
      );
    }
  });
});
