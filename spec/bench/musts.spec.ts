import { exitCodeOf, summaryOf } from '../../bench/report/musts.js';

const met = { what: 'one', isMet: true };
const missed = { what: 'another', isMet: false };

describe('the last line of a run', () => {
  it.each([
    [[], 'musts: 0 of 0 met', 0],
    [[met, met], 'musts: 2 of 2 met', 0],
    [[met, missed, met], 'missed: another\nmusts: 2 of 3 met', 1],
    [[missed], 'missed: another\nmusts: 0 of 1 met', 1],
  ])('counts %j', (musts, summary, exitCode) => {
    expect(summaryOf(musts)).toBe(summary);
    expect(exitCodeOf(musts)).toBe(exitCode);
  });
});
