import { Timestamps } from '../../lib/clock/timestamps.js';

it('are to the second, forwards and backwards', () => {
  const timestamps = new Timestamps();
  const midnight = Date.UTC(2026, 0, 31);
  expect([-1, 0, 999, 1000, 0, 86_399_999].map((after) => timestamps.at(midnight + after))).toEqual([
    '2026-01-30T23:59:59Z',
    '2026-01-31T00:00:00Z',
    '2026-01-31T00:00:00Z',
    '2026-01-31T00:00:01Z',
    '2026-01-31T00:00:00Z',
    '2026-01-31T23:59:59Z',
  ]);
});
