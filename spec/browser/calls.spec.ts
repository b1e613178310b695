/** Calls in a page, over HTTP and HTTPS: what comes back, and what becomes of those that are cancelled, late or broken. */
import type { JSHandle, Page } from 'playwright-core';
import { inBrowser } from './chromium.js';
import { crossOrigin, respond, type Exchange, type Lab as Server } from './lab.js';
import type { Lab, Tracked } from './page/lab.js';
import { schemes, Setting } from './setting.js';

declare const lab: Lab;

inBrowser('calls in a page', () => {
  const at = new Setting();

  beforeAll(() => at.begin('lab.ts'), 120_000);
  afterAll(() => at.end());

  describe.each(schemes)('over %s', (scheme) => {
    let server: Server;
    let page: Page;

    beforeAll(async () => {
      server = at.lab(scheme);
      page = await at.page(server.serve('lab'));
    });
    afterAll(() => page.context().close());
    beforeEach(() => server.forget());
    afterEach(async () => {
      await Promise.all(server.exchanges.all.map(({ ended }) => ended));
      expect({ open: server.open, complaints: at.takeComplaints() }).toEqual({ open: 0, complaints: [] });
    });

    type Kind = keyof Lab['operations'];

    /** Makes a call in the page. */
    const start = (
      kind: Kind,
      request: Record<string, unknown> = {},
      options: object = {},
    ): Promise<JSHandle<Tracked>> =>
      page.evaluateHandle(
        ([operation, given, endpoint, clientOptions]) =>
          lab.track(
            lab
              .clientOf({ endpoint, ...clientOptions })
              .call(lab.operations[operation] as Lab['operations']['read'], given),
          ),
        [kind, request, server.api, options] as const,
      );
    const endOf = (call: JSHandle<Tracked>): Promise<unknown> => call.evaluate(({ ended }) => ended);
    const valuesOf = (call: JSHandle<Tracked>): Promise<unknown[]> => call.evaluate(({ values }) => values);
    const cancel = (call: JSHandle<Tracked>): Promise<void> =>
      call.evaluate(({ subscription }) => subscription.unsubscribe());

    describe('decoding', () => {
      async function decoded(kind: Kind, body: string | Uint8Array, headers = {}, options = {}): Promise<unknown> {
        server.answer = ({ response }) => respond(response, body, headers);
        const call = await start(kind, {}, { retry: false, ...options });
        return (await endOf(call)) ?? (await valuesOf(call));
      }

      it.each([
        ['9007199254740993', 9007199254740993n],
        ['-9223372036854775808', -9223372036854775808n],
        ['7', 7],
        ['"9007199254740993"', 9007199254740993n],
      ])('keeps every digit of %s', async (digits, expected) => {
        expect(await decoded('read', `{"N":${digits}}`)).toEqual([{ N: expected }]);
      });

      it('reads what is beyond ASCII, and what drifts', async () => {
        const text = 'ß漢字😀\u2028';
        expect(await decoded('read', JSON.stringify({ Text: text, Flag: 'true', N: '12', More: [text] }))).toEqual([
          { Text: text, Flag: true, N: 12, More: [text] },
        ]);
      });

      it('refuses drift where it is strict, and says where', async () => {
        expect(await decoded('read', '{"Text":{"a":1}}', {}, { strict: true })).toMatchObject({
          code: 'SDK.InvalidResponse',
          issues: [{ path: 'Text' }],
        });
      });

      it('reads bytes and texts', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
        expect(await decoded('bytes', bytes, { 'content-type': 'application/octet-stream' })).toEqual([bytes]);
        expect(await decoded('text', '漢字', { 'content-type': 'text/plain' })).toEqual(['漢字']);
      });

      it.each([
        ['JSON', '{"Code":"Forbidden.RAM","Message":"Nein: ß","RequestId":"r-1"}', 'application/json'],
        [
          'XML',
          '<?xml version="1.0"?><Error><RequestId>r-1</RequestId><Code>Forbidden.RAM</Code><Message>Nein: &#223;</Message></Error>',
          'text/xml',
        ],
      ])('makes an error of an answer in %s', async (_format, body, type) => {
        expect(await decoded('read', body, { status: 403, 'content-type': type })).toMatchObject({
          name: 'ServerError',
          code: 'Forbidden.RAM',
          status: 403,
          requestId: 'r-1',
          message: expect.stringContaining('Nein: ß') as string,
        });
      });

      it('says what is no JSON', async () => {
        expect(await decoded('read', '<html>')).toMatchObject({ code: 'SDK.InvalidResponse' });
      });
    });

    describe('cancelling', () => {
      it('in the queue sends nothing', async () => {
        const cancelled = await page.evaluate(async (endpoint) => {
          const client = lab.clientOf({ endpoint, enableAsync: true, poolSize: 1 });
          const first = lab.track(client.call(lab.operations.read, { Marker: 'first' }));
          const second = lab.track(client.call(lab.operations.read, { Marker: 'second' }));
          second.subscription.unsubscribe();
          await first.ended;
          await lab.rx.lastValueFrom(client.shutdown(), { defaultValue: undefined });
          return second.values;
        }, server.api);
        expect(cancelled).toEqual([]);
        expect(server.exchanges.all).toHaveLength(1);
        expect(server.exchanges.all[0]?.request.url).toContain('first');
      });

      it('while the credentials are asked for sends nothing', async () => {
        const open = await page.evaluate(async (endpoint) => {
          const asking = new lab.rx.BehaviorSubject(0);
          const credentials = (): unknown =>
            new lab.rx.Observable(() => {
              asking.next(1);
              return () => asking.next(0);
            });
          const client = lab.clientOf({ endpoint, credentials: credentials as never });
          const call = lab.track(client.call(lab.operations.read, {}));
          await lab.rx.firstValueFrom(asking.pipe(lab.rx.filter((count) => count === 1)));
          call.subscription.unsubscribe();
          return asking.value;
        }, server.api);
        expect(open).toBe(0);
        expect(server.exchanges.all).toEqual([]);
      });

      it('while the preflight is under way sends no request', async () => {
        server.onPreflight = () => undefined;
        const endpoint = server.originOf('asked.test');
        const call = await start('read', { Marker: 'cancelled' }, { endpoint });
        const preflight = await server.preflights.next();
        await cancel(call);
        server.onPreflight = ({ answer }) => answer();
        preflight.answer();
        expect(await endOf(await start('read', { Marker: 'next' }, { endpoint }))).toBeUndefined();
        expect(server.exchanges.all.map(({ request }) => request.url)).toEqual([expect.stringContaining('next')]);
      });

      it.each<[when: string, kind: Kind, answer: (exchange: Exchange) => void]>([
        ['before the answer', 'read', () => undefined],
        ['within the answer', 'read', ({ response }) => begin(response, '{"N"')],
        ['within bytes', 'bytes', ({ response }) => begin(response, 'abc', 'application/octet-stream')],
        [
          'within a stream of events',
          'events',
          ({ response }) => begin(response, 'data:{"N":1}\n\n', 'text/event-stream'),
        ],
      ])('%s aborts the request', async (_when, kind, answer) => {
        server.answer = answer;
        const call = await start(kind);
        const { ended } = await server.exchanges.next();
        await cancel(call);
        expect(await ended).toBe('aborted');
        expect(server.exchanges.all).toHaveLength(1);
      });

      it('in the wait for a repetition repeats nothing', async () => {
        server.answer = ({ response }) => respond(response, '{"Code":"ServiceUnavailable"}', { status: 503 });
        await page.evaluate(async (endpoint) => {
          const client = lab.clientOf({ endpoint, retry: () => 1e6 });
          const retried = lab.rx.firstValueFrom(client.events$.pipe(lab.rx.filter(({ type }) => type === 'retried')));
          const call = lab.track(client.call(lab.operations.read, {}));
          await retried;
          call.subscription.unsubscribe();
          await lab.rx.firstValueFrom(client.idle$);
        }, server.api);
        expect(server.exchanges.all).toHaveLength(1);
      });
    });

    describe('the silence of a server', () => {
      let clocked: Page | undefined;
      beforeAll(async () => {
        clocked = await (await at.context()).newPage();
        await clocked.clock.install();
        await clocked.goto(server.serve('lab'));
        // From here on no time passes but the spec's.
        await clocked.clock.pauseAt(Date.now() + 60_000);
      });
      afterAll(() => clocked?.context().close());

      const startThere = (kind: Kind, options: object): Promise<JSHandle<Tracked>> =>
        clocked!.evaluateHandle(
          ([operation, endpoint, given]) => {
            const client = lab.clientOf({ endpoint, retry: false, ...given });
            if (operation === 'bytes') return lab.track(client.call(lab.operations.bytes, {}, { observe: 'stream' }));
            return lab.track(client.call(lab.operations[operation], {}));
          },
          [kind, server.api, options] as const,
        );

      it.each<[what: string, options: object, limit: number, phase: string]>([
        ['before the answer', { connectTimeout: 3000, readTimeout: 4000 }, 7000, 'read'],
        ['in an attempt', { timeout: 2000 }, 2000, 'attempt'],
        ['in a call', { deadline: 1500 }, 1500, 'deadline'],
      ])('%s has its limit', async (_what, options, limit, phase) => {
        server.answer = () => undefined;
        const call = await startThere('read', options);
        const { ended } = await server.exchanges.next();
        await clocked?.clock.runFor(limit - 1);
        expect(server.open).toBe(1);
        await clocked?.clock.runFor(1);
        expect(await endOf(call)).toMatchObject({ code: 'SDK.Timeout', phase, timeout: limit });
        expect(await ended).toBe('aborted');
      });

      it('within the answer has its limit', async () => {
        server.answer = ({ response }) => begin(response, 'abc', 'application/octet-stream');
        const call = await startThere('bytes', { readTimeout: 4000 });
        await clocked?.waitForFunction(({ values }) => values.length === 1, call);
        await clocked?.clock.runFor(4000);
        expect(await endOf(call)).toMatchObject({ code: 'SDK.Timeout', phase: 'read', timeout: 4000 });
      });
    });

    describe('streams', () => {
      it('of events emit each as it comes, and end with the server', async () => {
        server.answer = ({ response }) => begin(response, 'data: {"N":1}\n\n', 'text/event-stream');
        const call = await start('events');
        const { response } = await server.exchanges.next();
        await page.waitForFunction(({ values }) => values.length === 1, call);
        response.write(': a heartbeat\n\nid: 7\r\ndata: {"N"');
        response.write(':2}\r\n\r\n');
        await page.waitForFunction(({ values }) => values.length === 2, call);
        response.end();
        expect(await endOf(call)).toBeUndefined();
        expect(await valuesOf(call)).toEqual([{ N: 1 }, { N: 2 }]);
      });

      it('of events that break off are errors, and not begun again', async () => {
        server.answer = ({ response }) => begin(response, 'data: {"N":1}\n\n', 'text/event-stream');
        const call = await start('events');
        await page.waitForFunction(({ values }) => values.length === 1, call);
        (await server.exchanges.next()).reset();
        expect(await endOf(call)).toMatchObject({ code: 'SDK.NetworkError' });
        expect(server.exchanges.all).toHaveLength(1);
      });

      it.each<[string]>([['nobody wants any more'], ['come faster than they are taken']])(
        'of bytes that %s are stopped',
        async (what) => {
          server.answer = endless;
          const call = await page.evaluateHandle(
            ([endpoint, buffered]) => {
              const bytes$ = lab.clientOf({ endpoint }).call(lab.operations.bytes, {}, { observe: 'stream' });
              if (!buffered) return lab.track(bytes$.pipe(lab.rx.take(1)));
              const iterator = lab.interop.toAsyncIterable(bytes$, { bufferSize: 2 })[Symbol.asyncIterator]();
              // One is taken, and the reader does not come back before the buffer is full.
              return lab.track(lab.rx.from(iterator.next()));
            },
            [server.api, what.startsWith('come')] as const,
          );
          expect(await endOf(call)).toBeUndefined();
          expect(await (await server.exchanges.next()).ended).toBe('aborted');
        },
      );

      it('of pages ask for the next one when the reader comes back', async () => {
        server.answer = ({ response }) => respond(response, '{"TotalCount":3,"Regions":{}}');
        const seen = await page.evaluate(async (endpoint) => {
          const pages = lab.interop.toAsyncIterable((demand$) =>
            lab
              .clientOf({ endpoint })
              .pages(lab.ecs.describeInstances, { PageSize: 1 }, { after: () => demand$.pipe(lab.rx.take(1)) }),
          );
          const iterator = pages[Symbol.asyncIterator]();
          const first = await iterator.next();
          await iterator.return?.();
          return first.done;
        }, server.api);
        expect(seen).toBe(false);
        expect(server.exchanges.all).toHaveLength(1);
      });
    });

    describe('uploads', () => {
      const size = 2 ** 20;
      const upload = (): Promise<JSHandle<Tracked>> =>
        page.evaluateHandle(
          ([endpoint, length]) =>
            lab.track(
              lab
                .clientOf({ endpoint, timeout: 0 })
                .call(lab.operations.upload, { body: new Uint8Array(length) }, { observe: 'events' }),
            ),
          [server.api, size] as const,
        );

      it('tell how far they are', async () => {
        const call = await upload();
        const body = await (await server.exchanges.next()).body;
        expect(await endOf(call)).toBeUndefined();
        expect(body.length).toBe(size);
        const events = (await valuesOf(call)) as { kind: string; loaded?: number; total?: number }[];
        const progress = events.filter(({ kind }) => kind === 'uploadProgress');
        expect(events.at(-1)).toMatchObject({ kind: 'response', status: 200 });
        expect(progress.at(-1)).toEqual({ kind: 'uploadProgress', loaded: size, total: size });
        const loaded = progress.map((event) => event.loaded ?? 0);
        expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
      });

      it('that are cancelled are aborted', async () => {
        server.answer = ({ request }) => request.pause();
        const call = await upload();
        const { ended, request } = await server.exchanges.next();
        await cancel(call);
        request.resume();
        expect(await ended).toBe('aborted');
      });
    });

    describe('what fails below', () => {
      const failureAt = async (endpoint: string, options: object = {}): Promise<unknown> =>
        endOf(await start('read', {}, { endpoint, retry: false, ...options }));
      const likely = `Most likely the server does not answer pages of `;

      it('a refused port names CORS as the likely reason, as a page can know no better', async () => {
        expect(await failureAt(`${scheme}://api.test:1`)).toMatchObject({
          code: 'SDK.NetworkError',
          systemCode: 'ERR_NETWORK',
          message: expect.stringContaining(`${likely}${server.site} (CORS), or can't be reached`) as string,
        });
      });

      it('so does a preflight that is refused, after which nothing is sent', async () => {
        server.onPreflight = ({ answer }) => answer(403);
        const host = server.originOf('refused.test');
        expect(await failureAt(host)).toMatchObject({
          message: expect.stringContaining(likely) as string,
          origin: host,
        });
        expect(server.exchanges.all).toEqual([]);
      });

      it('so does an answer that the page may not read', async () => {
        server.answer = ({ response }) => response.end('{}');
        expect(await failureAt(server.api)).toMatchObject({
          code: 'SDK.NetworkError',
          message: expect.stringContaining(likely) as string,
        });
      });

      it('a host that is not found, too', async () => {
        expect(await failureAt(`${scheme}://no-such-host.invalid`)).toMatchObject({ systemCode: 'ERR_NETWORK' });
      });

      it('offline, the device is', async () => {
        await page.context().setOffline(true);
        try {
          expect(await failureAt(server.api)).toMatchObject({
            systemCode: 'ERR_NETWORK',
            message: expect.stringContaining('This device is offline') as string,
          });
        } finally {
          await page.context().setOffline(false);
        }
        expect(server.exchanges.all).toEqual([]);
      });

      it('a redirect is not followed', async () => {
        server.answer = ({ response }) => respond(response, '', { status: 302, location: `${server.api}/elsewhere` });
        expect(await failureAt(server.api)).toMatchObject({
          systemCode: 'ERR_REDIRECT',
          message: expect.stringContaining('it redirects elsewhere, which is not followed') as string,
        });
        expect(server.exchanges.all).toHaveLength(1);
      });

      it('an answer that is too long is refused before its end', async () => {
        server.answer = ({ response }) => begin(response, 'x'.repeat(101));
        expect(await failureAt(server.api, { maxResponseSize: 100 })).toMatchObject({ code: 'SDK.ResponseTooLarge' });
      });
    });

    // On connections of their own: those that were used before, Chromium itself sends anew.
    describe('a connection that the server resets', () => {
      const through = (): object => ({ endpoint: server.originOf('reset.test') });
      beforeEach(() => (server.keepsAlive = false));

      it.each<[kind: Kind, requests: number]>([
        ['read', 3],
        ['writeOnce', 3],
        ['write', 1],
      ])('%s is sent %d times', async (kind, requests) => {
        server.answer = ({ reset }) => reset();
        const call = await start(kind, {}, { ...through(), retry: { maxAttempts: 3, baseDelay: 0 } });
        expect(await endOf(call)).toMatchObject({ code: 'SDK.NetworkError', systemCode: 'ERR_NETWORK' });
        expect(server.exchanges.all).toHaveLength(requests);
        const tokens = server.exchanges.all.map(({ request }) =>
          new URL(request.url ?? '', server.api).searchParams.get('ClientToken'),
        );
        expect(new Set(tokens).size).toBe(1);
        expect(tokens[0] === null).toBe(kind !== 'writeOnce');
      });

      // A service that has seen the nonce would refuse the second, to which the page then has the answer.
      it('and that was used before, Chromium itself sends a request on once more, and tells nobody', async () => {
        server.keepsAlive = true;
        const executed: Exchange[] = [];
        server.answer = (exchange) => {
          if (exchange.request.headers['x-acs-action'] === 'StopZone') executed.push(exchange);
          if (executed.length === 1) exchange.reset();
          else respond(exchange.response, '{"N":1}');
        };
        const told = await page.evaluate(async (endpoint) => {
          const client = lab.clientOf({ endpoint, retry: false });
          const attempts: number[] = [];
          client.events$.subscribe((event) => {
            if (event.type === 'attempt') attempts.push(event.attempt);
          });
          await lab.rx.lastValueFrom(client.call(lab.operations.read, {}));
          const error = await lab.track(client.call(lab.operations.write, { Marker: 'once' })).ended;
          return { attempts, error };
        }, server.api);
        // The page sees one attempt of each call, and nothing that failed.
        expect(told).toEqual({ attempts: [1, 1], error: undefined });
        expect(executed).toHaveLength(2);
        const nonces = executed.map(({ request }) => request.headers['x-acs-signature-nonce']);
        expect(nonces[0]).toEqual(nonces[1]);
      });

      it('once is not noticed by a read, save for its attempts', async () => {
        server.answer = ({ response, reset }) =>
          server.exchanges.all.length === 1 ? reset() : respond(response, '{"N":1}');
        const call = await start('read', {}, { ...through(), retry: { baseDelay: 0 } });
        expect(await endOf(call)).toBeUndefined();
        expect(await valuesOf(call)).toEqual([{ N: 1 }]);
        expect(server.exchanges.all[1]?.request.headers['x-acs-retry-attempts']).toBe('1');
      });
    });
  });
});

/** Begins an answer that does not end. */
function begin(response: Exchange['response'], text: string, type = 'application/json'): void {
  response.writeHead(200, { 'content-type': type, ...crossOrigin });
  response.write(text);
}

/** Writes as much as is taken. */
function endless({ response }: Exchange): void {
  response.writeHead(200, crossOrigin);
  const write = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(2 ** 16)));
  };
  response.on('drain', write);
  write();
}
