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
      const mayStart = Math.min(calls, ...needs.map(([i, atHand]) => atHand + (states[i]?.available() ?? 0)));
      for (const [i, atHand] of needs) {
        const state = states[i];
        if (state === undefined) continue;
        const needed = Math.max(0, calls - atHand);
        if (state.available() < needed) state.lacking += needed;
        state.granted += Math.max(0, mayStart - atHand);
      }
    }

    return states.map((state) => {
      const { ask, key, others } = state;
      const isRate = 'rate' in ask.limit;
      let term = isRate ? ask.terms[0] : leaseTime;
      if (isRate && state.lacking === 0 && others === 0 && ask.ahead > 0 && state.free() >= ask.ahead) {
        state.granted += ask.ahead;
        term = ask.terms[1];
      }
      const free = state.free();
      const before = [...key.leases].sort((a, b) => a.until - b.until);
      if (state.granted > 0) {
        if ('rate' in ask.limit) {
          const lease = { process: me, id: ask.id, tokens: state.granted, until: now + term + ask.limit.rate.interval };
          key.leases.push(lease);
          before.push(lease);
          before.sort((a, b) => a.until - b.until);
        } else {
          key.leases = key.leases.filter(({ process }) => process !== me);
          key.leases.push({ process: me, id: 'permits', tokens: ask.keep + state.granted, until: now + leaseTime });
        }
      }
      let wait = 0;
      if (state.lacking > 0) {
        wait = isRate ? waitFor(others + 1 - free, before, now, ask.terms[0]) : Math.min(1000, 25 * (others + 1));
        key.waiting.set(me, now + wait + patience);
      } else key.waiting.delete(me);
      return { granted: state.granted, term, wait, share: others > 0 ? state.share : Infinity };
    });
  }

  private told(ask: LeaseAsk, me: string, now: number, leaseTime: number) {
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
    const usedBefore = sum(key.leases);
    const mineBefore = sum(key.leases.filter(({ process }) => process === me));
    const state = {
      ask,
      key,
      others,
      share,
      granted: 0,
      lacking: 0,
      free: () => Math.max(0, limit - usedBefore) - state.granted,
      available: () => {
        const mine = mineBefore + state.granted;
        if (others === 0) return state.free();
        return mine < share ? Math.min(state.free(), share - mine) : Math.max(0, state.free() - others);
      },
    };
    return state;
  }
}

function sum(leases: readonly Lease[]): number {
  return leases.reduce((total, { tokens }) => total + tokens, 0);
}

function waitFor(missing: number, leases: readonly Lease[], now: number, soon: number): number {
  if (missing <= 0) return soon;
  let left = missing;
  for (const { tokens, until } of leases) if ((left -= tokens) <= 0) return until - now;
  return (leases.at(-1)?.until ?? now) - now;
}
