import type { Emulator } from '../../lib/testing/emulator.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { keys, sign } from './support/signer.js';
import { wires, type Wire } from './support/wires.js';

interface Answer {
  Code?: string;
  Success?: boolean;
  Endpoints?: { Endpoint: Record<string, unknown>[] };
}

describe.each(wires)('the location service, %s', (_name, open) => {
  let emulator: Emulator;
  let wire: Wire;

  beforeEach(async () => {
    emulator = createEmulator({ credentials: keys });
    wire = await open(emulator);
  });

  afterEach(() => wire.close());

  async function ask(query: Record<string, string>): Promise<Answer> {
    const parts = { origin: wire.origin, action: 'DescribeEndpoints', version: '2015-06-12', query };
    return JSON.parse((await wire.send(sign(parts))).body) as Answer;
  }

  it('knows the hosts of products', async () => {
    const { Success, Endpoints } = await ask({ Id: 'cn-beijing', ServiceCode: 'ecs', Type: 'openAPI' });
    const host = wire.origin.slice('http://'.length);
    expect(Success).toBe(true);
    expect(Endpoints?.Endpoint).toEqual([
      {
        Endpoint: host.endsWith('.aliyuncs.com') ? 'ecs.cn-beijing.aliyuncs.com' : host,
        Id: 'cn-beijing',
        Namespace: '',
        Protocols: { Protocols: ['HTTP', 'HTTPS'] },
        SerivceCode: 'ecs',
        Type: 'openAPI',
      },
    ]);
  });

  it('lists nothing for a product or a kind of endpoint that there is not', async () => {
    expect(await ask({ Id: 'cn-beijing', ServiceCode: 'nothing' })).toMatchObject({ Endpoints: { Endpoint: [] } });
    const other = { Id: 'cn-beijing', ServiceCode: 'ecs', Type: 'otherAPI' };
    expect(await ask(other)).toMatchObject({ Endpoints: { Endpoint: [] } });
  });

  it('refuses a region that there is not, and a question without one', async () => {
    expect(await ask({ Id: 'cn-nowhere', ServiceCode: 'ecs' })).toMatchObject({ Code: 'InvalidRegionId' });
    expect(await ask({ ServiceCode: 'ecs' })).toMatchObject({ Code: 'MissingParameter' });
  });
});
