import axios from 'axios';
import { throwError } from 'rxjs';
import { NetworkError } from '../../lib/errors.js';
import { foreignFailure } from '../../lib/pipeline/foreign-failure.js';
import { isUnexecuted } from '../../lib/retry/classify.js';
import { errorOf, MemoryTransport, operation, pipelineOver } from './support.js';

const request = {
  method: 'POST',
  url: 'https://ecs.example/?Signature=hunter2',
  headers: { authorization: 'hunter2' },
};
const withCode = (code: string): Error => Object.assign(new Error('broken'), { code });

describe('what a transport throws that is not ours', () => {
  it.each<[Error, string]>([
    [new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }), 'ECONNREFUSED'],
    [new TypeError('fetch failed', { cause: withCode('UND_ERR_SOCKET') }), 'ECONNRESET'],
    [new TypeError('fetch failed', { cause: withCode('UND_ERR_CONNECT_TIMEOUT') }), 'ETIMEDOUT'],
    [new TypeError('fetch failed'), 'ERR_NETWORK'],
    [new TypeError('Failed to fetch'), 'ERR_NETWORK'],
    [new TypeError('NetworkError when attempting to fetch resource.'), 'ERR_NETWORK'],
    [new TypeError('Load failed'), 'ERR_NETWORK'],
    [new TypeError('Network request failed'), 'ERR_NETWORK'],
    [new TypeError('terminated', { cause: withCode('UND_ERR_SOCKET') }), 'ECONNRESET'],
    [new TypeError('terminated'), 'ERR_NETWORK'],
    [withCode('ECONNRESET'), 'ECONNRESET'],
    [withCode('ENOTFOUND'), 'ENOTFOUND'],
    [withCode('CERT_HAS_EXPIRED'), 'CERT_HAS_EXPIRED'],
    [new axios.AxiosError('Network Error', 'ERR_NETWORK', { headers: request.headers } as never), 'ERR_NETWORK'],
  ])('is a network error: %s', (error, systemCode) => {
    const failure = foreignFailure(error, request);
    expect(failure).toBeInstanceOf(NetworkError);
    expect(failure).toMatchObject({ code: 'SDK.NetworkError', systemCode, origin: 'https://ecs.example' });
    expect(JSON.stringify(failure)).not.toContain('hunter2');
    // Whoever knows no more does not know whether it was executed.
    expect(isUnexecuted(failure)).toBe(['ECONNREFUSED', 'ENOTFOUND'].includes(systemCode));
  });

  it.each([
    new TypeError("Cannot read properties of undefined (reading 'send')"),
    new TypeError('fetch is not a function'),
    withCode('ERR_INVALID_ARG_TYPE'),
    withCode('ENOENT'),
    new Error('fetch failed'),
  ])('is unexpected where it is a mistake of its own: %s', (error) => {
    expect(foreignFailure(error, request)).toMatchObject({ code: 'SDK.Unexpected', cause: error });
  });

  it('is repeated as any network error', async () => {
    const transport = new MemoryTransport(() => throwError(() => new TypeError('fetch failed')));
    const call = pipelineOver(transport, { retry: { maxAttempts: 2, baseDelay: 0 } }).call(operation(), {});
    expect(await errorOf(call)).toMatchObject({ code: 'SDK.NetworkError', systemCode: 'ERR_NETWORK' });
    expect(transport.sent).toHaveLength(2);
  });
});
