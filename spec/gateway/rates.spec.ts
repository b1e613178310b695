import { Rates } from '../../lib/gateway/rates.js';

const settings = { requests: 1, per: 60_000, concurrency: 2 };

describe('the accounts of sessions', () => {
  it('are bounded: the one that has asked for nothing longest is forgotten', () => {
    const rates = new Rates(settings);
    rates.begin('first').hold()();
    rates.begin('second').hold()();
    // Asked in vain, which is asking, too.
    expect(() => rates.begin('first')).toThrow('requests within');
    for (let at = 0; at < 99_999; at++) rates.begin(`s${at}`).hold()();
    expect(() => rates.begin('first')).toThrow('requests within');
    expect(() => rates.begin('second')).not.toThrow();
  });

  it('stay as long as there is anything under way', () => {
    const rates = new Rates(settings);
    const end = rates.begin('busy').hold();
    for (let at = 0; at < 100_001; at++) rates.begin(`s${at}`).hold()();
    expect(() => rates.begin('busy')).toThrow('requests within');
    end();
  });

  it('count a request until the last has let it go that holds it', () => {
    const rates = new Rates({ ...settings, requests: 10 });
    const place = rates.begin('a');
    const [one, other] = [place.hold(), place.hold()];
    const next = rates.begin('a').hold();
    expect(() => rates.begin('a')).toThrow('at a time');
    one();
    expect(() => rates.begin('a')).toThrow('at a time');
    other();
    expect(() => rates.begin('a')).not.toThrow();
    next();
  });

  it('are taken for as many at a time as there may be, and no more', () => {
    const rates = new Rates({ requests: 100, per: 60_000, concurrency: 3 });
    for (let at = 0; at < 3; at++) rates.begin('a').hold();
    expect(() => rates.begin('a')).toThrow('More than 3 requests at a time');
  });
});
