import { exceeded } from '../../bench/report/guard.js';
import { boundOf, verdictOf } from '../../bench/report/targets.js';

const lower = { better: 'lower', must: 1.5, aim: 1.1 } as const;
const higher = { better: 'higher', must: 2.2, aim: 3 } as const;

describe('verdictOf', () => {
  it.each([
    [1.1, 'aim met'],
    [1.11, 'must met'],
    [1.5, 'must met'],
    [1.51, 'MISSED'],
    [NaN, 'MISSED'],
  ])('says of %d where less is better: %s', (value, verdict) => {
    expect(verdictOf(lower, value)).toBe(verdict);
  });

  it.each([
    [3, 'aim met'],
    [2.99, 'must met'],
    [2.2, 'must met'],
    [2.19, 'MISSED'],
    [NaN, 'MISSED'],
  ])('says of %d where more is better: %s', (value, verdict) => {
    expect(verdictOf(higher, value)).toBe(verdict);
  });
});

describe('boundOf', () => {
  it('says which way is better', () => {
    expect(boundOf(lower, lower.aim)).toBe('<= 1.1');
    expect(boundOf(higher, 2 / 3)).toBe('>= 0.67');
  });
});

describe('the guard', () => {
  it('lets noise pass, and stops what has become half as fast', () => {
    expect(exceeded(1.2, 1.7)).toBe(false);
    expect(exceeded(1.2, 2.4)).toBe(true);
  });

  it('has room of another size where it is told', () => {
    expect(exceeded(1, 1.3, 1.25)).toBe(true);
  });

  it('does not pass what has no usual ratio', () => {
    expect(() => exceeded(undefined, 1)).toThrow('npm run bench:guard -- --update');
  });
});
