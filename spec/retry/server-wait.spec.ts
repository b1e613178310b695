import fc from 'fast-check';
import { serverWaitOf } from '../../lib/retry/server-wait.js';

const now = Date.UTC(2026, 0, 31, 8);
const acs = 'x-acs-retry-after';
const api = 'x-ratelimit-user-api';
const user = 'x-ratelimit-user';
const after = 'retry-after';

function limit(remain: number | string, timeLeft: number | string): string {
  return `Limit:1,Remain:${remain},TimeLeft:${timeLeft},Reset:1234`;
}

describe('serverWaitOf', () => {
  it.each<[what: string, headers: Record<string, string>, wait: number | undefined]>([
    ['nothing', {}, undefined],
    ['milliseconds', { [acs]: '1500' }, 1500],
    ['milliseconds with a fraction', { [acs]: '0.2' }, 1],
    ['milliseconds with space around', { [acs]: ' 1500 ' }, 1500],
    ['a spent quota of the operation', { [api]: limit(0, 2000) }, 2000],
    ['a spent quota of the user', { [user]: limit(0, 3000) }, 3000],
    ['two spent quotas', { [api]: limit(0, 2000), [user]: limit(0, 3000) }, 3000],
    ['two quotas, one of them spent', { [api]: limit(0, 2000), [user]: limit(1, 3000) }, 2000],
    ['an overdrawn quota', { [api]: limit(-5, 2000) }, 2000],
    ['no limit', { [api]: limit(-1, 2000) }, undefined],
    ['a quota that is left', { [api]: limit(1, 2000) }, undefined],
    ['a quota with spaces in it', { [api]: 'Limit: 1, Remain: 0, TimeLeft: 2000' }, 2000],
    ['a quota in another order', { [api]: 'TimeLeft:2000,Remain:0' }, 2000],
    ['a spent quota without a time', { [api]: 'Remain:0' }, undefined],
    ['seconds', { [after]: '3' }, 3000],
    ['seconds with a fraction', { [after]: '1.25' }, 1250],
    ['a date', { [after]: 'Sat, 31 Jan 2026 08:00:07 GMT' }, 7000],
    ['a date with space around', { [after]: ' Sat, 31 Jan 2026 08:00:07 GMT ' }, 7000],
    ['a date that is past', { [after]: 'Sat, 31 Jan 2026 07:59:59 GMT' }, undefined],
    ['its own header before the quota', { [acs]: '100', [api]: limit(0, 2000), [after]: '3' }, 100],
    ['the quota before the standard header', { [api]: limit(0, 2000), [after]: '3' }, 2000],
    ['the standard header where the others say nothing', { [acs]: 'x', [api]: limit(1, 2000), [after]: '3' }, 3000],
  ])('reads %s', (_what, headers, wait) => {
    expect(serverWaitOf(headers, now)).toBe(wait);
  });

  it.each(['', ' ', '-1', '0', '0.0', 'NaN', 'Infinity', '0x10', '1e9', 'soon', '5 apples', 'null'])(
    'makes nothing of %j',
    (text) => {
      expect(serverWaitOf({ [acs]: text, [after]: text }, now)).toBeUndefined();
      expect(serverWaitOf({ [api]: limit(0, text), [user]: text }, now)).toBeUndefined();
    },
  );

  it('is never shorter than what was asked for, however long that is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 400n }), (asked) => {
        expect(serverWaitOf({ [acs]: `${asked}` }, now)).toBeGreaterThanOrEqual(Number(asked));
        expect(serverWaitOf({ [after]: `${asked}` }, now)).toBeGreaterThanOrEqual(1000 * Number(asked));
      }),
    );
  });

  it('takes any text without throwing, and gives nothing that is no wait', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        const wait = serverWaitOf({ [acs]: a, [api]: b, [user]: b, [after]: c }, now);
        expect(wait === undefined || wait > 0).toBe(true);
      }),
    );
  });
});
