import { inspect } from 'node:util';
import { defer, firstValueFrom, lastValueFrom, of, throwError, toArray, type Observable } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { NetworkError } from '../../lib/errors.js';
import type { Operation, PagedOperation } from '../../lib/service.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { answer, defaultOptions, errorOf, MemoryTransport, operation, pipelineOver } from './support.js';

let mockGone = false;
// As in a browser, where they come later, or not at all.
jest.mock('#features', () => {
  type Load = () => Observable<unknown>;
  const actual = jest.requireActual<Record<string, Load>>('#features');
  const mockLoad = (load: Load) => async (): Promise<unknown> => {
    await Promise.resolve();
    if (mockGone) throw new Error('not to be had');
    return firstValueFrom(load());
  };
  return Object.fromEntries(Object.entries(actual).map(([name, load]) => [name, () => defer(mockLoad(load))]));
});

const older = operation({ protocol: 'V1' });
const refusal = answer('{"Code":"SignatureDoesNotMatch","Message":"server string to sign is:GET&x"}', 400);

// In this order: what is loaded stays loaded.
describe('what few calls need', () => {
  it('ends the call in a typed error where it can not be loaded', async () => {
    mockGone = true;
    const transport = new MemoryTransport();
    const error = await errorOf(pipelineOver(transport).call(older, {}));
    expect(error).toMatchObject({ name: 'ClientError', code: 'SDK.NotLoaded', cause: { message: 'not to be had' } });
    expect(transport.sent).toEqual([]);
  });

  it('tells the status of a refusal, and nothing of what it says unmasked, where it can not be loaded', async () => {
    mockGone = true;
    const error = await errorOf(pipelineOver(new MemoryTransport(() => of(refusal))).call(operation(), {}));
    expect(error).toMatchObject({ code: 'SDK.NotLoaded', status: 400, attempts: [{ status: 400 }] });
    expect(error.message).toMatch(/^DescribeZones was answered with status 400; /);
    expect(inspect(error, { depth: 9 })).not.toContain('string to sign');
  });

  it('leaves a failure of the network what it is where it can not be loaded, as offline', async () => {
    mockGone = true;
    const offline = new NetworkError('the answer hunter2', 'https://a.example', 'ERR_NETWORK', { cause: 'hunter2' });
    const transport = new MemoryTransport(() => throwError(() => offline));
    const error = await errorOf(pipelineOver(transport).call(operation(), {}));
    expect(error).toMatchObject({ code: 'SDK.NetworkError', origin: 'https://a.example', systemCode: 'ERR_NETWORK' });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('says that a failure of another kind has no status where it can not be loaded', async () => {
    mockGone = true;
    const transport = new MemoryTransport(() => throwError(() => new Error('hunter2')));
    const error = await errorOf(pipelineOver(transport).call(operation(), {}));
    expect(error).toMatchObject({ code: 'SDK.NotLoaded' });
    expect(error).not.toHaveProperty('status');
    expect(error.message).toMatch(/^DescribeZones failed; /);
    const broken = new NetworkError('hunter2', 'https://a.example', undefined);
    const offline = await errorOf(
      pipelineOver(new MemoryTransport(() => throwError(() => broken))).call(operation(), {}),
    );
    expect(offline.message).toBe('The request to https://a.example failed (no reason given)');
  });

  it('makes a call that succeeds without it, watched or not', async () => {
    mockGone = true;
    const client = new AlicloudClient({ ...defaultOptions, transport: new MemoryTransport() });
    const types: string[] = [];
    client.events$.subscribe(({ type }) => types.push(type));
    await firstValueFrom(client.call(operation() as Operation<object, unknown>, {}));
    expect(types).toEqual(['started', 'finished']);
  });

  it('keeps no slot of the pool when it can not be loaded', async () => {
    mockGone = true;
    const client = new AlicloudClient({ ...defaultOptions, transport: new MemoryTransport(), enableAsync: true });
    const [, errors] = client.requestWithChan({ product: 'Ecs', version: '2014-05-26', action: 'DescribeZones' });
    expect(await errors.receive()).toMatchObject({ code: 'SDK.NotLoaded' });
    expect(await lastValueFrom(client.shutdown())).toEqual({ running: 0, waiting: 0 });
  });

  it('is loaded by the next call, and is there at once for those that follow', async () => {
    mockGone = false;
    const transport = new MemoryTransport();
    const pipeline = pipelineOver(transport, { credentials: accessKey('id', 'secret') });
    await firstValueFrom(pipeline.call(older, {}));
    expect(transport.sent).toHaveLength(1);
    pipeline.call(older, {}).subscribe();
    expect(transport.sent).toHaveLength(2);
  });
});

describe('what reads lists', () => {
  const things: PagedOperation<object, unknown, unknown> = {
    ...(operation({ query: 'PageNumber:n', response: '{Things:[n],TotalCount:n}' }) as Operation<object, unknown>),
    pages: 'Things page=PageNumber total=TotalCount',
  };
  const client = new AlicloudClient({
    ...defaultOptions,
    transport: new MemoryTransport(() => of(answer('{"Things":[1,2],"TotalCount":2}'))),
  });

  it('ends the list in a typed error where it can not be loaded', async () => {
    mockGone = true;
    const error = await errorOf(client.items(things, {}));
    expect(error).toMatchObject({ code: 'SDK.NotLoaded', cause: { message: 'not to be had' } });
  });

  it('is loaded with the first list that is read when it is there', async () => {
    mockGone = false;
    await expect(firstValueFrom(client.items(things, {}).pipe(toArray()))).resolves.toEqual([1, 2]);
    mockGone = true;
    await expect(firstValueFrom(client.items(things, {}).pipe(toArray()))).resolves.toEqual([1, 2]);
  });
});
