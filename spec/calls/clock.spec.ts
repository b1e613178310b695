import { accessKey, stsToken, type CredentialsProvider } from '../../lib/credentials/credentials.js';
import { ok, play, read, refusal, write } from './support.js';

const server = Date.UTC(2026, 0, 31, 8);
const expired = refusal(400, 'InvalidTimeStamp.Expired', { date: new Date(server).toUTCString() });
const date = 'x-acs-date';

describe('a clock that is wrong', () => {
  it("is corrected by the server's, for this call and those that follow", () => {
    play([expired, ok()], { clock: () => server - 3_600_000 }, ({ client, transport, run, flush }) => {
      const first = run(client.call(write, {}));
      flush();
      run(client.call(read, {}));
      flush();
      expect(first.values).toEqual([{ N: 1 }]);
      expect(transport.sent.map(({ request }) => request.headers[date])).toEqual([
        '2026-01-31T07:00:00Z',
        '2026-01-31T08:00:00Z',
        '2026-01-31T08:00:00Z',
      ]);
    });
  });

  it('is corrected for calls in parallel, each of which is repeated once', () => {
    const late = [10, expired] as [number, typeof expired];
    play([late, late, late, ok()], { clock: () => server - 3_600_000 }, ({ client, run, flush, transport }) => {
      const endings = [0, 1, 2].map(() => run(client.call(write, {})));
      flush();
      expect(endings.map(({ values }) => values)).toEqual(Array(3).fill([{ N: 1 }]));
      expect(transport.sent).toHaveLength(6);
    });
  });

  it('is not corrected twice in a call', () => {
    let time = server - 3_600_000;
    const clock = (): number => (time -= 3_600_000);
    play([expired], { clock }, ({ client, transport, run, flush }) => {
      const ending = run(client.call(read, {}));
      flush();
      expect(ending.error).toMatchObject({ code: 'InvalidTimeStamp.Expired' });
      expect(transport.sent).toHaveLength(2);
    });
  });

  it('is left alone where the answer has no date', () => {
    play([refusal(400, 'InvalidTimeStamp.Expired')], { clock: () => 0 }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      flush();
      expect(transport.sent).toHaveLength(1);
    });
  });
});

describe('a nonce that was used', () => {
  it.each([
    ['is replaced once, where the call may be repeated', read, 2],
    ['ends the call otherwise', write, 1],
  ])('%s', (_, operation, times) => {
    play([refusal(400, 'SignatureNonceUsed')], {}, ({ client, transport, run, flush }) => {
      const ending = run(client.call(operation, {}));
      flush();
      expect(ending.error).toMatchObject({ code: 'SignatureNonceUsed' });
      expect(transport.sent).toHaveLength(times);
    });
  });
});

describe('credentials that have expired', () => {
  const refused = refusal(403, 'InvalidSecurityToken.Expired');

  it('are asked for anew, once', () => {
    const given = ['old', 'new'];
    const told: unknown[] = [];
    const credentials: CredentialsProvider = Object.assign(() => stsToken(given[0] ?? '', 'secret', 'token')(), {
      invalidate: (used: unknown) => void (told.push(used), given.shift()),
    });
    play([refused, ok()], { credentials }, ({ client, transport, run, flush }) => {
      const ending = run(client.call(write, {}));
      flush();
      expect(ending.values).toEqual([{ N: 1 }]);
      expect(transport.sent.map(({ request }) => request.headers['x-acs-accesskey-id'])).toEqual(['old', 'new']);
      expect(told).toMatchObject([{ accessKeyId: 'old' }]);
    });
  });

  it('end the call where there are no others', () => {
    play([refused], { credentials: accessKey('id', 'secret') }, ({ client, transport, run, flush }) => {
      run(client.call(write, {}));
      flush();
      expect(transport.sent).toHaveLength(1);
    });
  });
});

describe('a signature that does not match', () => {
  it('shows where the server has read something else, and no secret', () => {
    const theirs = 'GET\\n/\\nMarker=b\\nhost:ecs';
    const answer = refusal(
      400,
      'SignatureDoesNotMatch',
      {},
      `Specified signature is not matched with our calculation. server CanonicalRequest is [${theirs}]`,
    );
    play([answer], {}, ({ client, run, flush }) => {
      const ending = run(client.call({ ...read, method: 'GET' }, { Marker: 'a' }));
      flush();
      expect(ending.error).toMatchObject({
        code: 'SignatureDoesNotMatch',
        signatureMismatch: {
          at: { part: 'canonical request', line: 3, column: 8 },
          server: 'Marker=b',
          client: 'Marker=a',
        },
      });
      expect(ending.error?.message).toContain(
        'line 3, column 8 of the canonical request: the server has "Marker=b", the client "Marker=a"',
      );
      expect(JSON.stringify(ending.error)).not.toContain('the-secret');
    });
  });
});
