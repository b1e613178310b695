import { errorOf, MemoryTransport, operation, pipelineOver, queryOf, sentFor } from './support.js';

const signedHeaders = (authorization: string | undefined): string[] =>
  /SignedHeaders=([^,]*)/.exec(authorization ?? '')?.[1]?.split(';') ?? [];

describe('the headers and the query of one call', () => {
  it('are added', async () => {
    const sent = await sentFor(
      operation({ query: 'A:s' }),
      { A: 'a' },
      {
        headers: { 'X-Acs-Trace': 't', 'x-other': 'é\t!' },
        query: { B: 'b c', Z: '' },
      },
    );
    expect(sent.headers).toMatchObject({ 'x-acs-trace': 't', 'x-other': 'é\t!' });
    expect(queryOf(sent)).toEqual({ A: 'a', B: 'b c', Z: '' });
    expect(signedHeaders(sent.headers.authorization)).toContain('x-acs-trace');
  });

  it('yield to what the operation sets itself', async () => {
    const sent = await sentFor(
      operation({ query: 'A:s', header: 'H:s', body: 'B:s' }),
      { A: 'a', H: 'h', B: 'b' },
      {
        headers: {
          H: 'other',
          'X-Acs-Action': 'RunInstances',
          'x-acs-version': '0',
          'x-acs-date': '0',
          'x-acs-signature-nonce': '0',
          'x-acs-content-sha256': '0',
          'Content-Type': 'text/plain',
          Accept: 'text/plain',
        },
        query: { A: 'other' },
      },
    );
    expect(sent.headers).toMatchObject({
      h: 'h',
      'x-acs-action': 'DescribeZones',
      'x-acs-version': '2014-05-26',
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    });
    expect(Object.values(sent.headers)).not.toContain('0');
    expect(queryOf(sent)).toEqual({ A: 'a' });
  });

  it('yield to what an unsigned operation of the older protocol sets itself', async () => {
    const sent = await sentFor(
      operation({ protocol: 'V1', anonymous: true }),
      {},
      {
        query: { Action: 'RunInstances', Version: '0', SignatureNonce: '0', Timestamp: '0', Format: 'XML', Other: 'o' },
      },
    );
    expect(queryOf(sent)).toMatchObject({ Action: 'DescribeZones', Version: '2014-05-26', Format: 'json', Other: 'o' });
    expect(Object.values(queryOf(sent))).not.toContain('0');
  });

  it.each([
    'Host',
    'content-length',
    'Authorization',
    'Transfer-Encoding',
    'connection',
    '',
    'a b',
    'a:b',
    'a\r\nb',
    'é',
  ])('are refused: a header named %j', async (name) => {
    const transport = new MemoryTransport();
    const error = await errorOf(pipelineOver(transport).call(operation(), {}, { headers: { [name]: 'hunter2' } }));
    expect(error).toMatchObject({ name: 'ConfigurationError', path: `headers.${name}` });
    expect(error.message).toContain('to be the name of a header that the SDK does not set itself, got ');
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(transport.sent).toEqual([]);
  });

  it.each(['hunter2\r\nx-evil: 1', 'hunter2\n', '杭州', 'a\0'])(
    'are refused: a header with the value %j',
    async (value) => {
      const error = await errorOf(
        pipelineOver(new MemoryTransport()).call(operation(), {}, { headers: { 'x-a': value } }),
      );
      expect(error).toMatchObject({ name: 'ConfigurationError', path: 'headers.x-a' });
      expect(JSON.stringify(error)).not.toContain('hunter2');
    },
  );

  it.each([1, null, undefined, ['a'], {}])('are refused: the value %j', async (value) => {
    const pipeline = pipelineOver(new MemoryTransport());
    for (const kind of ['headers', 'query']) {
      const error = await errorOf(pipeline.call(operation(), {}, { [kind]: { a: value } }));
      expect(error).toMatchObject({ name: 'ConfigurationError', path: `${kind}.a`, expected: 'a string' });
    }
  });
});
