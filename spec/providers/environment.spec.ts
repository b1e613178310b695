import { environment } from '../../lib/providers/environment.js';
import { given, Machine, messageOf } from './support.js';

describe('the environment', () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.end());

  it('is read when it is asked, and each time', async () => {
    const provider = environment();
    machine.set({ ACCESS_KEY_ID: 'id', ACCESS_KEY_SECRET: 'secret' });
    expect(await given(provider)).toEqual({ accessKeyId: 'id', accessKeySecret: 'secret', providerName: 'env' });
    machine.set({ SECURITY_TOKEN: 'token' });
    expect(await given(provider)).toMatchObject({ securityToken: 'token' });
  });

  it('says which variable is missing', async () => {
    expect(await messageOf(environment())).toBe('ALIBABA_CLOUD_ACCESS_KEY_ID is not set');
    machine.set({ ACCESS_KEY_ID: 'id', ACCESS_KEY_SECRET: '' });
    expect(await messageOf(environment())).toBe('ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set');
  });

  it.each(['ACCESS_KEY_ID', 'ACCESS_KEY_SECRET', 'SECURITY_TOKEN'])('says that %s is no credential', async (name) => {
    machine.set({ ACCESS_KEY_ID: 'id', ACCESS_KEY_SECRET: 'secret', [name]: 'hunter2\n' });
    expect(await messageOf(environment())).toBe(`ALIBABA_CLOUD_${name} has other than visible ASCII characters in it`);
  });
});
