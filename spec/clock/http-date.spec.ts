import { parseHttpDate } from '../../lib/clock/http-date.js';

describe('parseHttpDate', () => {
  it("reads a header's date", () => {
    expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
  });

  it.each([
    undefined,
    '',
    'yesterday',
    // What `Date.parse` makes a date of.
    '5',
    'foo 5',
    '2026-01-31T08:00:00Z',
    'Sun, 06 Nov 1994 08:49:37 +0800',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  ])('makes nothing of %j', (text) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });
});
