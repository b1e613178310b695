/** The async mode in a page: pool, overflow, channels, callbacks, shutdown. What a client tells of itself. */
import type { Page } from 'playwright-core';
import { inBrowser } from './chromium.js';
import { respond, type Exchange, type Lab as Server } from './lab.js';
import type { Lab } from './page/lab.js';
import { Setting } from './setting.js';

declare const lab: Lab;

inBrowser('the async mode in a page', () => {
  const at = new Setting();
  let server: Server;
  let page: Page;

  beforeAll(async () => {
    await at.begin('lab.ts');
    server = at.lab('http');
    page = await at.page(server.serve('lab'));
  }, 120_000);
  afterAll(() => at.end());
  beforeEach(() => server.forget());
  afterEach(async () => {
    await Promise.all(server.exchanges.all.map(({ ended }) => ended));
    expect({ open: server.open, complaints: at.takeComplaints() }).toEqual({ open: 0, complaints: [] });
  });

  const hold = (): void => undefined;
  const markerOf = ({ request }: Exchange): string | null =>
    new URL(request.url ?? '', server.api).searchParams.get('Marker');

  it('runs as many calls at a time as the pool has room for, in their order, and refuses what finds none', async () => {
    server.answer = hold;
    const calls = await page.evaluateHandle((endpoint) => {
      const client = lab.clientOf({ endpoint, enableAsync: true, poolSize: 2, maxTaskQueueSize: 3 });
      return Array.from({ length: 6 }, (_, index) =>
        lab.track(client.call(lab.operations.read, { Marker: String(index) })),
      );
    }, server.api);
    expect(await calls.evaluate((all) => all[5]?.ended)).toMatchObject({ code: 'SDK.AsyncQueueFull' });
    const running = [await server.exchanges.next(), await server.exchanges.next()];
    const answered: (string | null)[] = [];
    for (let next = running.shift(); next !== undefined; next = running.shift()) {
      answered.push(markerOf(next));
      expect(server.exchanges.all.length).toBeLessThanOrEqual(answered.length + 1);
      respond(next.response, '{"N":1}');
      if (answered.length < 4) running.push(await server.exchanges.next());
    }
    expect(answered.sort()).toEqual(['0', '1', '2', '3', '4']);
    expect(server.exchanges.all.slice(2).map(markerOf)).toEqual(['2', '3', '4']);
    const ends = await calls.evaluate((all) => Promise.all(all.slice(0, 5).map(({ ended }) => ended)));
    expect(ends).toEqual(Array(5).fill(undefined));
  });

  it('answers three hundred calls, each once, in all three ways', async () => {
    let peak = 0;
    server.answer = ({ response }) => {
      peak = Math.max(peak, server.open);
      respond(response, '{"N":1}');
    };
    const counts = await page.evaluate(async (endpoint) => {
      const client = lab.clientOf({ endpoint, enableAsync: true, poolSize: 4, maxTaskQueueSize: 1000 });
      const told = { values: 0, completed: 0, received: 0, errors: 0, called: 0, blockers: 0 };
      const ends: Promise<unknown>[] = [];
      for (let index = 0; index < 300; index++) {
        if (index % 3 === 0) {
          const call$ = client.call(lab.operations.read, {});
          ends.push(
            lab.rx.lastValueFrom(
              call$.pipe(lab.rx.tap({ next: () => told.values++, complete: () => told.completed++ })),
            ),
          );
        } else if (index % 3 === 1) {
          const [responses, errors] = client.callWithChan(lab.operations.read, {});
          ends.push(responses.receive().then((value) => (told.received += value === undefined ? 0 : 1)));
          ends.push(errors.receive().then((value) => (told.errors += value === undefined ? 0 : 1)));
        } else {
          const blocker = client.callWithCallback(lab.operations.read, {}, (_response, error) => {
            told.called++;
            if (error) told.errors++;
          });
          ends.push(blocker.receive().then((value) => (told.blockers += value ?? 0)));
        }
      }
      await Promise.all(ends);
      const left = await lab.rx.lastValueFrom(client.shutdown().pipe(lab.rx.toArray()));
      return { ...told, left: left.at(-1) };
    }, server.api);
    expect(counts).toEqual({
      values: 100,
      completed: 100,
      received: 100,
      errors: 0,
      called: 100,
      blockers: 100,
      left: { running: 0, waiting: 0 },
    });
    expect(server.exchanges.all).toHaveLength(300);
    expect(peak).toBeLessThanOrEqual(4);
  });

  it.each([
    ['drains', 'drain'],
    ['aborts', 'abort'],
  ] as const)('a shutdown %s', async (_what, mode) => {
    server.answer = hold;
    const closing = await page.evaluateHandle(
      ([endpoint, how]) => {
        const client = lab.clientOf({ endpoint, enableAsync: true, poolSize: 1 });
        const calls = ['running', 'waiting'].map((Marker) => lab.track(client.call(lab.operations.read, { Marker })));
        // Once the first is under way.
        const begin = (): { left: unknown; refused: unknown } => {
          const left = lab.rx.lastValueFrom(client.shutdown({ mode: how }).pipe(lab.rx.toArray()));
          const [, errors] = client.callWithChan(lab.operations.read, {});
          return { left, refused: errors.receive().then((error) => error?.code) };
        };
        return { calls, begin };
      },
      [server.api, mode] as const,
    );
    const first = await server.exchanges.next();
    const begun = await closing.evaluateHandle(({ begin }) => begin());
    expect(await begun.evaluate(({ refused }) => refused)).toBe('SDK.AsyncFunctionNotEnabled');
    if (mode === 'drain') {
      respond(first.response, '{}');
      respond((await server.exchanges.next()).response, '{}');
    } else {
      expect(await first.ended).toBe('aborted');
    }
    expect(await begun.evaluate(({ left }) => left)).toContainEqual({ running: 0, waiting: 0 });
    const codes = await closing.evaluate(({ calls }) => Promise.all(calls.map(({ ended }) => ended)));
    expect(codes.map((error) => error?.code)).toEqual(Array(2).fill(mode === 'drain' ? undefined : 'SDK.Aborted'));
    expect(server.exchanges.all).toHaveLength(mode === 'drain' ? 2 : 1);
  });

  it('a closed client ends what is under way, and refuses the rest', async () => {
    server.answer = hold;
    const client = await page.evaluateHandle((endpoint) => lab.clientOf({ endpoint }), server.api);
    const call = await client.evaluateHandle((one) => lab.track(one.call(lab.operations.read, {})));
    const { ended } = await server.exchanges.next();
    const late = await client.evaluate((one) => {
      one.close();
      return lab.failureOf(one.call(lab.operations.read, {}));
    });
    expect(await ended).toBe('aborted');
    expect(await call.evaluate((one) => one.ended)).toMatchObject({ code: 'SDK.Aborted' });
    expect(late).toMatchObject({ code: 'SDK.Closed' });
  });

  it('tells what becomes of its calls, and how it is doing', async () => {
    server.answer = hold;
    const told = await page.evaluateHandle((endpoint) => {
      const client = lab.clientOf({ endpoint, enableAsync: true, poolSize: 1 });
      const types: string[] = [];
      client.events$.subscribe(({ type, call }) => types.push(`${call.id} ${type}`));
      const busy = lab.rx.firstValueFrom(
        client.stats$.pipe(lab.rx.filter(({ running, waiting }) => running === 1 && waiting === 1)),
      );
      const calls = [1, 2].map(() => lab.track(client.call(lab.operations.read, {})));
      return { types, busy, calls };
    }, server.api);
    expect(await told.evaluate(({ busy }) => busy)).toMatchObject({ poolSize: 1 });
    respond((await server.exchanges.next()).response, '{}');
    const second = await server.exchanges.next();
    await told.evaluate(({ calls }) => calls[1]?.subscription.unsubscribe());
    await second.ended;
    const of = (types: string[], id: number): string[] => types.filter((type) => type.startsWith(`${id} `));
    const types = await told.evaluate((all) => all.types);
    expect(of(types, 1)).toEqual(['1 started', '1 attempt', '1 response', '1 finished']);
    expect(of(types, 2)).toEqual(['2 queued', '2 started', '2 attempt', '2 cancelled']);
  });

  it('a subscriber that throws is reported, and disturbs no other call', async () => {
    const values = await page.evaluate(async (endpoint) => {
      const client = lab.clientOf({ endpoint, enableAsync: true, poolSize: 1 });
      client.call(lab.operations.read, {}).subscribe(() => {
        throw new Error('of the app');
      });
      const other = lab.track(client.call(lab.operations.read, {}));
      await other.ended;
      return other.values;
    }, server.api);
    expect(values).toHaveLength(1);
    await page.waitForFunction(() => true);
    expect(at.takeComplaints()).toEqual([expect.stringContaining('of the app')]);
  });
});
