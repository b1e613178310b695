/** Headers that browsers drop without a word: refused before anything is sent, wherever they come from. */
import { lastValueFrom, type Observable } from 'rxjs';
import type { AttemptInterceptor } from '../../lib/interceptor.js';
import { uploadAdapter } from '../../lib/platform/browser/upload-adapter.js';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { errorOf, operation, pipelineOver } from '../pipeline/support.js';

jest.mock('#platform', () => jest.requireActual<object>('../../lib/platform/browser'));

/** As the Fetch standard has them; a method that is no method of a page's may not stand in for another, either. */
const names = [
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
];
const forbidden = [...names, 'proxy-authorization', 'proxy-x', 'sec-fetch-site', 'sec-x'];
const isForbidden = (name: string): boolean => names.includes(name) || /^(proxy|sec)-/.test(name);

/** A browser's `Request`: Node's keeps all headers. */
class PageRequest {
  readonly headers: Headers;
  constructor(_url: string, { headers }: { headers: [string, string][] }) {
    this.headers = new Headers(headers.filter(([name]) => !isForbidden(name.toLowerCase())));
  }
}

describe('in a page', () => {
  const { Request, fetch } = globalThis;
  const sent: string[] = [];
  beforeEach(() => {
    sent.length = 0;
    const answer = (url: string) => (sent.push(url), Promise.resolve(new Response('{}')));
    Object.assign(globalThis, { Request: PageRequest, fetch: answer });
  });
  afterEach(() => void Object.assign(globalThis, { Request, fetch }));

  const call = (headers: Record<string, string>, attemptInterceptors: AttemptInterceptor[] = []): Observable<unknown> =>
    pipelineOver(axiosTransport(), { attemptInterceptors, retry: { maxAttempts: 3, baseDelay: 0 } }).call(
      operation(),
      {},
      { headers },
    );
  const refusal = (name: string): object => ({
    code: 'SDK.InvalidConfiguration',
    path: `headers.${name}`,
    expected: 'a header that a page may send',
  });

  it.each(forbidden)('%s is refused as an option of a call', async (name) => {
    // Some of them belong to the SDK, wherever it runs.
    const refused = { code: 'SDK.InvalidConfiguration', path: `headers.${name}` };
    expect(await errorOf(call({ [name]: 'Hidden1234!' }))).toMatchObject(refused);
    expect(sent).toEqual([]);
  });

  it.each(forbidden)('%s is refused from an interceptor', async (name) => {
    const adding: AttemptInterceptor = (next) => (request) =>
      next({ ...request, http: { ...request.http, headers: { ...request.http.headers, [name]: 'Hidden1234!' } } });
    const error = await errorOf(call({}, [adding]));
    expect(error).toMatchObject(refusal(name));
    expect(error.message).not.toContain('Hidden1234!');
    expect(sent).toEqual([]);
  });

  it('a header of the request is refused so', async () => {
    const called = operation({ header: 'Date:s' });
    expect(await errorOf(pipelineOver(axiosTransport()).call(called, { Date: 'today' }))).toMatchObject(
      refusal('date'),
    );
    expect(sent).toEqual([]);
  });

  it('an upload is refused so, over XMLHttpRequest', async () => {
    class NoRequest {}
    Object.assign(globalThis, { XMLHttpRequest: NoRequest });
    const config = { url: 'https://ecs.example/', method: 'POST', headers: { date: 'today' } };
    await expect(uploadAdapter(config as never)).rejects.toMatchObject(refusal('date'));
    expect(sent).toEqual([]);
  });

  it('the older ROA signature, which needs `date`, is refused with what to do about it', async () => {
    const roa = operation({ method: 'GET', path: '/animals' });
    const error = await errorOf(pipelineOver(axiosTransport(), { signature: 'V1' }).call(roa, {}));
    expect(error).toMatchObject(refusal('date'));
    expect(error.message).toContain('which V1 signs in ROA calls: use V3');
    expect(sent).toEqual([]);
  });

  it('what a page may send goes out: every call of V3, and of the older RPC signature', async () => {
    await lastValueFrom(call({ 'x-mine': '1', proxyish: '1', 'x-acs-date': '2026-01-31T08:00:00Z' }));
    await lastValueFrom(pipelineOver(axiosTransport(), { signature: 'V1' }).call(operation(), {}));
    expect(sent).toHaveLength(2);
  });

  it('where the platform has no `Request`, or keeps all headers, nothing is refused', async () => {
    for (const given of [undefined, Request]) {
      Object.assign(globalThis, { Request: given });
      await lastValueFrom(call({ date: 'today' }));
    }
    expect(sent).toHaveLength(2);
  });
});
