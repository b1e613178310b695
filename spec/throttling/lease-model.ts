/** What a store of leases is to do, written as plainly as can be: the scripts for Redis are compared with it. */
import type { LeaseAsk, LeaseGrant, LeaseRequest } from '../../lib/throttling/lease-exchange.js';

interface Lease {
  readonly process: string;
  readonly id: number | 'permits';
  tokens: number;
  until: number;
}

interface KeyState {
  leases: Lease[];
  readonly waiting: Map<string, number>;
}

const patience = 100;

export class LeaseModel {
  readonly keys = new Map<string, KeyState>();

  /** `now` in milliseconds. */
  exchange(request: LeaseRequest, now: number, leaseTime: number): LeaseGrant[] {
    const me = request.process;
    const states = request.asks.map((ask) => this.told(ask, me, now, leaseTime));

    for (const { calls, needs } of request.demands) {
      const some = needs.flatMap(([i, atHand]) => states.slice(i, i + 1).map((state) => ({ state, atHand })));
      const startsAt = (x: number): number =>
        Math.min(calls, ...some.map(({ state, atHand }) => atHand + state.available(x)));
      let x = now;
      if (startsAt(now) === 0) {
        const soon = Math.max(
          ...some.filter(({ atHand }) => atHand === 0).map(({ state }) => state.soon(request.horizon)),
        );
        if (soon <= now + request.horizon) x = soon;
      }
      const starts = startsAt(x);
      for (const { state, atHand } of some) {
        if (state.available(x) < Math.max(0, calls - atHand)) state.lacking += Math.max(0, calls - atHand);
        if (starts > atHand) state.grant(starts - atHand, x);
      }
    }

    return states.map((state) => {
      const { ask, key, others } = state;
      const isRate = 'rate' in ask.limit;
      let term = isRate ? ask.terms[0] : leaseTime;
      const mayHaveMore = state.lacking === 0 && others === 0 && ask.ahead > 0 && state.from === now;
      if (isRate && mayHaveMore && state.limit - state.used() >= ask.ahead) {
        state.grant(ask.ahead, now);
        term = ask.terms[1];
      }
      const { granted: tokens, from } = state;
      if (tokens > 0 && 'rate' in ask.limit) {
        key.leases.push({ process: me, id: ask.id, tokens, until: from + term + ask.limit.rate.interval });
        state.granted = 0;
      } else if (tokens > 0) {
        key.leases = key.leases.filter(({ process }) => process !== me);
        key.leases.push({ process: me, id: 'permits', tokens: ask.keep + tokens, until: now + leaseTime });
      }
      let wait = 0;
      if (state.lacking > 0) {
        wait = isRate ? Math.max(5, state.soonest() - now - request.horizon) : Math.min(1000, 25 * (others + 1));
        key.waiting.set(me, now + wait + request.horizon + patience);
      } else key.waiting.delete(me);
      return { granted: tokens, from: from - now, term, wait, share: others > 0 ? state.share : Infinity };
    });
  }

  private told(ask: LeaseAsk, me: string, now: number, leaseTime: number): State {
    const key = this.keys.get(ask.key) ?? { leases: [], waiting: new Map<string, number>() };
    this.keys.set(ask.key, key);
    const interval = 'rate' in ask.limit ? ask.limit.rate.interval : undefined;
    const limit = 'rate' in ask.limit ? ask.limit.rate.limit : ask.limit.concurrency;
    key.leases = key.leases.filter(({ until }) => until > now);
    for (const [process, until] of key.waiting) if (until <= now) key.waiting.delete(process);
    if (interval === undefined) {
      key.leases = key.leases.filter(({ process }) => process !== me);
      if (ask.keep > 0) key.leases.push({ process: me, id: 'permits', tokens: ask.keep, until: now + leaseTime });
    } else {
      for (const { id, used, age } of ask.reports) {
        const lease = key.leases.find((each) => each.process === me && each.id === id);
        if (lease === undefined) continue;
        lease.tokens = used;
        lease.until = Math.min(lease.until, now - age + interval);
      }
      key.leases = key.leases.filter(({ until, tokens }) => until > now && tokens > 0);
    }
    const others = key.waiting.size - (key.waiting.has(me) ? 1 : 0);
    const share = Math.max(1, Math.ceil(limit / (others + 1)));
    const state: State = {
      ask,
      key,
      others,
      share,
      limit,
      granted: 0,
      lacking: 0,
      from: now,
      used: () => sum(key.leases) + state.granted,
      grant(tokens, x) {
        state.granted += tokens;
        state.from = x;
      },
      fairly(x) {
        const left = key.leases.filter(({ until }) => until > x);
        const free = Math.max(0, limit - sum(left) - state.granted);
        if (others === 0) return free;
        const mine = sum(left.filter(({ process }) => process === me)) + state.granted;
        return mine < share ? Math.min(free, share - mine) : Math.max(0, free - others);
      },
      available: (x) => (state.granted > 0 && state.from !== x ? 0 : state.fairly(x)),
      soonest() {
        const times = key.leases.map(({ until }) => until).sort((a, b) => a - b);
        return [now, ...times].find((x) => state.fairly(x) > 0) ?? times.at(-1) ?? now + (interval ?? 0);
      },
      soon(horizon) {
        if (interval !== undefined) return state.soonest();
        return state.available(now) > 0 ? now : now + horizon + 1;
      },
    };
    return state;
  }
}

interface State {
  readonly ask: LeaseAsk;
  readonly key: KeyState;
  readonly others: number;
  readonly share: number;
  readonly limit: number;
  granted: number;
  lacking: number;
  from: number;
  used(): number;
  grant(tokens: number, x: number): void;
  available(x: number): number;
  fairly(x: number): number;
  soonest(): number;
  soon(horizon: number): number;
}

function sum(leases: readonly Lease[]): number {
  return leases.reduce((total, { tokens }) => total + tokens, 0);
}
