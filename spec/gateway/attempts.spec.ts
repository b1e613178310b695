import { firstValueFrom, lastValueFrom, Observable, Subject, take } from 'rxjs';
import { memoryAttempts, type AttemptClaim, type AttemptState, type AttemptStore } from '../../lib/gateway/index.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { answerTo, newAttempt, send, siteOf, type Call, type Site, type SiteOptions } from './support.js';

const stop: Call = { path: '/Ecs/2014-05-26/StopInstance', request: { InstanceId: 'i-1' } };
const read: Call = { path: '/Ecs/2014-05-26/DescribeInstances' };
const done: HttpResponse = { status: 200, headers: { 'x-acs-request-id': 'R-1' }, body: '{"RequestId":"R-1"}' };

interface HeldSite extends Site {
  readonly answer$: Subject<HttpResponse>;
  /** Emits with each request that is sent. */
  readonly sent$: Subject<void>;
  /** Emits with each that is broken off. */
  readonly brokenOff$: Subject<void>;
}

/** A site whose upstream answers when it is told to. */
function heldSite(options: SiteOptions = {}): HeldSite {
  const answer$ = new Subject<HttpResponse>();
  const sent$ = new Subject<void>();
  const brokenOff$ = new Subject<void>();
  const send = (): Observable<HttpResponse> =>
    new Observable((subscriber) => {
      let isOver = false;
      subscriber.add(
        answer$.pipe(take(1)).subscribe((response) => {
          isOver = true;
          subscriber.next(response);
          subscriber.complete();
        }),
      );
      sent$.next();
      return () => {
        if (!isOver) brokenOff$.next();
      };
    });
  return { ...siteOf({ transport: { send }, ...options }), answer$, sent$, brokenOff$ };
}

describe('an attempt', () => {
  it('is made once, however many ask at once', async () => {
    const site = heldSite();
    const attempt = newAttempt();
    const sent = firstValueFrom(site.sent$);
    const answers = Array.from({ length: 5 }, () => answerTo(site, { ...stop, attempt }));
    await sent;
    site.answer$.next(done);
    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(answers.map(() => done.body));
    expect(site.upstream.sent).toHaveLength(1);
  });

  it.each([
    ['another request', { ...stop, request: { InstanceId: 'i-2' } }],
    ['another operation', { ...stop, path: '/Ecs/2014-05-26/StartInstance' }],
    ['the same in another writing', { ...stop, body: '{"request":{"InstanceId":"i-1"} }' }],
  ])('is refused with %s, under way and after', async (_, other) => {
    const site = heldSite();
    const attempt = newAttempt();
    const sent = firstValueFrom(site.sent$);
    const first = answerTo(site, { ...stop, attempt });
    await sent;
    const meanwhile = await answerTo(site, { ...other, attempt });
    site.answer$.next(done);
    await first;
    const after = await answerTo(site, { ...other, attempt });
    expect([meanwhile, after]).toMatchObject([
      { status: 409, code: 'Gateway.AttemptMismatch' },
      { status: 409, code: 'Gateway.AttemptMismatch' },
    ]);
    expect(site.upstream.sent).toHaveLength(1);
  });

  it('is of its session alone', async () => {
    const site = siteOf();
    const attempt = newAttempt();
    const own = await answerTo(site, { ...stop, attempt });
    const other = await answerTo(site, { ...stop, attempt, headers: { 'x-user': 'another' } });
    expect(own.code).toBe('InvalidInstanceId.NotFound');
    expect(other.headers.has('x-rx-alicloud-replayed')).toBe(false);
    expect(site.upstream.sent).toHaveLength(2);
  });

  it('gives an error of the service again, too', async () => {
    const site = siteOf();
    const attempt = newAttempt();
    const [first, second] = [await answerTo(site, { ...stop, attempt }), await answerTo(site, { ...stop, attempt })];
    expect(second.text).toBe(first.text);
    expect([first.status, second.status]).toEqual([404, 404]);
    expect(site.upstream.sent).toHaveLength(1);
    expect(site.events).toMatchObject([
      { outcome: 'failed', replayed: false, code: 'InvalidInstanceId.NotFound' },
      { outcome: 'failed', replayed: true, code: 'InvalidInstanceId.NotFound' },
    ]);
  });

  it('is free again where nothing was sent', async () => {
    const site = siteOf();
    const attempt = newAttempt();
    const unfit = await answerTo(site, { ...stop, request: { InstanceId: 1 }, attempt });
    expect(unfit.code).toBe('Gateway.InvalidRequest');
    await answerTo(site, { ...stop, attempt });
    expect(site.upstream.sent).toHaveLength(1);
  });

  it('finishes a write whose caller has gone, and keeps its answer', async () => {
    const site = heldSite();
    const attempt = newAttempt();
    const caller = new AbortController();
    const sent = firstValueFrom(site.sent$);
    const gone = send(site, { ...stop, attempt, signal: caller.signal });
    await sent;
    let brokenOff = 0;
    site.brokenOff$.subscribe(() => brokenOff++);
    caller.abort();
    await gone;
    site.answer$.next(done);
    expect(brokenOff).toBe(0);
    expect(await answerTo(site, { ...stop, attempt })).toMatchObject({ status: 200, text: done.body });
    expect(site.upstream.sent).toHaveLength(1);
    expect(site.events.map(({ outcome }) => outcome)).toEqual(['cancelled', 'answered']);
  });

  it('breaks a read off when the last of its callers has gone', async () => {
    const site = heldSite();
    const attempt = newAttempt();
    const callers = [new AbortController(), new AbortController()];
    const digest = jest.spyOn(crypto.subtle, 'digest');
    const sent = firstValueFrom(site.sent$);
    const gone = callers.map(({ signal }) => send(site, { ...read, attempt, signal }));
    await sent;
    // The other one waits as soon as its request has been told from others.
    while (digest.mock.calls.length < 4) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all(digest.mock.results.map(({ value }) => value as Promise<unknown>));
    digest.mockRestore();
    await new Promise((resolve) => setImmediate(resolve));
    let brokenOff = 0;
    site.brokenOff$.subscribe(() => brokenOff++);
    callers[0]!.abort();
    await gone[0];
    expect(brokenOff).toBe(0);
    const broken = firstValueFrom(site.brokenOff$);
    callers[1]!.abort();
    await broken;
    const again = firstValueFrom(site.sent$);
    const answer = answerTo(site, { ...read, attempt });
    await again;
    site.answer$.next({ ...done, body: '{"TotalCount":0,"RequestId":"R-1"}' });
    expect((await answer).status).toBe(200);
  });

  it('is refused where it was made and its answer is not kept, unless it reads', async () => {
    const site = siteOf({ attempts: { maxAnswerSize: 0 } });
    const [write, reading] = [newAttempt(), newAttempt()];
    await answerTo(site, { ...stop, attempt: write });
    await answerTo(site, { ...read, attempt: reading });
    const before = site.upstream.sent.length;
    expect(await answerTo(site, { ...stop, attempt: write })).toMatchObject({
      status: 409,
      code: 'Gateway.AttemptUnknown',
    });
    expect(site.upstream.sent.length - before).toBe(0);
    expect((await answerTo(site, { ...read, attempt: reading })).status).toBe(200);
    expect(site.upstream.sent.length - before).toBe(1);
  });

  it('renews its claim as long as it is made', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const renewed: string[] = [];
      const kept = memoryAttempts();
      const store: AttemptStore = {
        ...kept,
        renew: (claim) => (renewed.push(claim.owner), Promise.reject(new Error('down'))),
      };
      const site = heldSite({ attempts: { store, lease: 30_000 } });
      const sent = firstValueFrom(site.sent$);
      const answer = answerTo(site, stop);
      await sent;
      await jest.advanceTimersByTimeAsync(14_000);
      expect(renewed).toHaveLength(1);
      site.answer$.next(done);
      expect((await answer).status).toBe(200);
      await jest.advanceTimersByTimeAsync(60_000);
      expect(renewed).toHaveLength(1);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is answered even where its answer can not be kept', async () => {
    const kept = memoryAttempts();
    const site = siteOf({ attempts: { store: { ...kept, answer: () => Promise.reject(new Error('down')) } } });
    expect((await answerTo(site, stop)).code).toBe('InvalidInstanceId.NotFound');
  });
});

describe('a store', () => {
  const virtual = async (act: () => Promise<void>): Promise<void> => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      await act();
    } finally {
      jest.useRealTimers();
    }
  };

  it('that does not answer is not waited for, and a claim that it gives later is given back', async () => {
    await virtual(async () => {
      const late = new Subject<AttemptState>();
      const released: string[] = [];
      const store: AttemptStore = {
        ...memoryAttempts(),
        claim: () => firstValueFrom(late),
        release: ({ owner }) => Promise.resolve(void released.push(owner)),
      };
      const site = siteOf({ attempts: { store } });
      const answer = answerTo(site, stop);
      while (!late.observed) await new Promise((resolve) => setImmediate(resolve));
      await jest.advanceTimersByTimeAsync(5000);
      expect(await answer).toMatchObject({ status: 503, code: 'Gateway.Overloaded' });
      late.next({ state: 'claimed' });
      while (released.length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(site.upstream.sent).toHaveLength(0);
    });
  });

  it('is asked as often as it takes while another gateway makes the attempt', async () => {
    await virtual(async () => {
      let asked = 0;
      const store: AttemptStore = {
        ...memoryAttempts(),
        claim: ({ fingerprint }) =>
          Promise.resolve(
            ++asked < 5000
              ? { state: 'running', fingerprint }
              : {
                  state: 'answered',
                  fingerprint,
                  answer: { status: 200, headers: {}, body: new Uint8Array([0x7b, 0x7d]) },
                },
          ),
      };
      const site = siteOf({ attempts: { store } });
      const answer = answerTo(site, stop);
      while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
      await jest.advanceTimersByTimeAsync(5000 * 200);
      expect(await answer).toMatchObject({ status: 200, text: '{}' });
      expect(site.upstream.sent).toHaveLength(0);
    });
  });

  it.each([
    ['has not answered yet', (late: Promise<AttemptState>) => late],
    ['says that another gateway makes it', () => Promise.resolve<AttemptState>({ state: 'running', fingerprint: '' })],
  ])('that %s is not asked on for a caller who has gone: nothing is sent', async (_, first) => {
    const asked = new Subject<string>();
    const late = new Subject<AttemptState>();
    const released = new Subject<void>();
    let fingerprint = '';
    const store: AttemptStore = {
      ...memoryAttempts(),
      claim: async (claim) => {
        fingerprint = claim.fingerprint;
        asked.next(claim.key);
        return { ...(await first(firstValueFrom(late))), ...(late.observed ? {} : { fingerprint }) };
      },
      release: () => Promise.resolve(released.next()),
    };
    const site = siteOf({ attempts: { store } });
    const caller = new AbortController();
    const isAsked = firstValueFrom(asked);
    const gone = send(site, { ...stop, signal: caller.signal });
    await isAsked;
    caller.abort();
    await gone;
    late.next({ state: 'claimed' });
    await lastValueFrom(site.gateway.close(), { defaultValue: undefined });
    expect(site.upstream.sent).toHaveLength(0);
  });
});

describe('memoryAttempts', () => {
  const claimOf = (key: string, claim: Partial<AttemptClaim> = {}): AttemptClaim => ({
    key,
    session: 's',
    fingerprint: 'f',
    owner: 'o',
    lease: 1000,
    keepFor: 60_000,
    takeOver: false,
    ...claim,
  });
  const answerOf = (length: number) => ({ status: 200, headers: {}, body: new Uint8Array(length) });

  it('lets go of the oldest answers where they are too long together, and remembers that they were made', async () => {
    const store = memoryAttempts({ maxBytes: 25 });
    for (const key of ['a', 'b', 'c']) {
      await store.claim(claimOf(key));
      await store.answer(claimOf(key), answerOf(10));
    }
    expect(await store.claim(claimOf('a'))).toMatchObject({ state: 'answered', answer: undefined });
    expect(await store.claim(claimOf('b'))).toMatchObject({ state: 'answered', answer: answerOf(10) });
  });

  it('forgets reads for others, and no write', async () => {
    const store = memoryAttempts({ maxAttempts: 2 });
    await store.claim(claimOf('read', { takeOver: true }));
    await store.answer(claimOf('read'), answerOf(1));
    await store.claim(claimOf('write'));
    await store.answer(claimOf('write'), answerOf(1));
    expect(await store.claim(claimOf('another', { session: 't' }))).toEqual({ state: 'claimed' });
    expect(await store.claim(claimOf('one more', { session: 'u' }))).toEqual({ state: 'full' });
    expect(await store.claim(claimOf('write'))).toMatchObject({ state: 'answered' });
  });

  it('forgets what is older than it is to be kept, but for what is still being made', async () => {
    jest.useFakeTimers();
    try {
      const store = memoryAttempts({ maxAttempts: 2 });
      await store.claim(claimOf('running'));
      await store.claim(claimOf('done'));
      await store.answer(claimOf('done'), answerOf(1));
      jest.advanceTimersByTime(60_000);
      expect(await store.claim(claimOf('another', { session: 't' }))).toEqual({ state: 'claimed' });
      expect(await store.claim(claimOf('running'))).toMatchObject({ state: 'running' });
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps an answer as long as it is to be kept, however long it took to make', async () => {
    jest.useFakeTimers();
    try {
      const store = memoryAttempts();
      await store.claim(claimOf('long'));
      jest.advanceTimersByTime(60_000);
      await store.answer(claimOf('long'), answerOf(1));
      jest.advanceTimersByTime(59_999);
      expect(await store.claim(claimOf('long'))).toMatchObject({ state: 'answered', answer: answerOf(1) });
      jest.advanceTimersByTime(1);
      expect(await store.claim(claimOf('long'))).toEqual({ state: 'claimed' });
    } finally {
      jest.useRealTimers();
    }
  });

  it('has room for one more session, however many there are that take all that they get', async () => {
    const store = memoryAttempts({ maxAttempts: 100 });
    const most: number[] = [];
    for (let session = 0; session < 12; session++) {
      let count = 0;
      for (;;) {
        const claim = claimOf(`${session}/${count}`, { session: String(session) });
        const { state } = await store.claim(claim);
        if (state === 'full') break;
        if (count % 2 === 0) await store.answer(claim, undefined);
        count++;
      }
      most.push(count);
    }
    // Each takes half of what is left.
    expect(most).toEqual([50, 25, 13, 6, 3, 2, 1, 0, 0, 0, 0, 0]);
    // What has ended without anything sent is room again.
    for (let at = 1; at < 50; at += 2) await store.release(claimOf(`0/${at}`));
    expect(await store.claim(claimOf('new', { session: 'new' }))).toEqual({ state: 'claimed' });
  });

  it('lets go of the answers of the session that has most, not of those of others', async () => {
    const store = memoryAttempts({ maxBytes: 100 });
    const keep = async (session: string, key: string): Promise<void> => {
      await store.claim(claimOf(key, { session }));
      await store.answer(claimOf(key, { session }), answerOf(10));
    };
    await keep('modest', 'a');
    for (let at = 0; at < 50; at++) await keep('greedy', `g${at}`);
    expect(await store.claim(claimOf('a', { session: 'modest' }))).toMatchObject({ answer: answerOf(10) });
    expect(await store.claim(claimOf('g0', { session: 'greedy' }))).toMatchObject({ answer: undefined });
    expect(await store.claim(claimOf('g49', { session: 'greedy' }))).toMatchObject({ answer: answerOf(10) });
    // The greedy one's are the oldest when others come.
    await keep('late', 'l');
    expect(await store.claim(claimOf('l', { session: 'late' }))).toMatchObject({ answer: answerOf(10) });
  });

  it('answers 503 where it is full', async () => {
    const site = heldSite({ attempts: { store: memoryAttempts({ maxAttempts: 1 }) } });
    const sent = firstValueFrom(site.sent$);
    const first = answerTo(site, stop);
    await sent;
    const second = await answerTo(site, stop);
    expect(second).toMatchObject({ status: 503, code: 'Gateway.Overloaded' });
    expect(second.headers.get('retry-after')).toBe('10');
    site.answer$.next(done);
    expect((await first).status).toBe(200);
  });
});

describe('close', () => {
  it('lets what is under way end, and refuses what comes later', async () => {
    const site = heldSite();
    const sent = firstValueFrom(site.sent$);
    const answer = answerTo(site, stop);
    await sent;
    let isClosed = false;
    const closed = lastValueFrom(site.gateway.close(), { defaultValue: undefined }).then(() => (isClosed = true));
    expect(await answerTo(site, stop)).toMatchObject({ status: 503, code: 'Gateway.Overloaded' });
    expect(isClosed).toBe(false);
    site.answer$.next(done);
    expect((await answer).status).toBe(200);
    await closed;
  });

  it('leaves a write that was broken off as one of which nobody knows: no other gateway makes it again', async () => {
    const store = memoryAttempts();
    const attempt = newAttempt();
    const site = heldSite({ attempts: { store } });
    const sent = firstValueFrom(site.sent$);
    const answers = [answerTo(site, { ...stop, attempt })];
    await sent;
    await lastValueFrom(site.gateway.close({ mode: 'abort' }), { defaultValue: undefined });
    await Promise.all(answers);
    const other = siteOf({ attempts: { store } });
    expect(await answerTo(other, { ...stop, attempt })).toMatchObject({ status: 409, code: 'Gateway.AttemptUnknown' });
    expect(other.upstream.sent).toHaveLength(0);
  });

  it.each([{ mode: 'abort' } as const, { timeout: 0 }])('ends what is under way with %j', async (options) => {
    const site = heldSite();
    const sent = firstValueFrom(site.sent$);
    const answer = answerTo(site, stop);
    await sent;
    const broken = firstValueFrom(site.brokenOff$);
    const closed = lastValueFrom(site.gateway.close(options), { defaultValue: undefined });
    expect(await answer).toMatchObject({ status: 503, code: 'Gateway.Overloaded' });
    await Promise.all([broken, closed]);
  });
});
