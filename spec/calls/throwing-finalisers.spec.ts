/** What a caller has added to a call's subscription may throw: that is reported, whatever stands around the call. */
import { config, NEVER, Observable, of, UnsubscriptionError } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { answer, defaultOptions, MemoryTransport, operation } from '../pipeline/support.js';

const problem = new Error('of the caller');
const throws = (): never => {
  throw problem;
};

const around: [string, ClientOptions & { readonly isHeard?: boolean }][] = [
  ['nothing', {}],
  ['listeners', { isHeard: true }],
  ['interceptors', { interceptors: [(next) => (call) => next(call)] }],
  ['a deadline', { deadline: 60_000 }],
];

let reported: unknown[];
beforeEach(() => {
  jest.useFakeTimers();
  reported = [];
  config.onUnhandledError = (error) => reported.push(error);
});
afterEach(() => {
  jest.useRealTimers();
  config.onUnhandledError = null;
});

function clientOf({ isHeard, ...options }: (typeof around)[number][1], reply: () => Observable<HttpResponse>) {
  const transport = new MemoryTransport(reply);
  const client = new AlicloudClient({ ...defaultOptions, ...options, transport, enableAsync: true, poolSize: 1 });
  if (isHeard) client.events$.subscribe();
  return client;
}

const call = (client: AlicloudClient): Observable<unknown> => client.call(operation() as never, {} as never);
const later = (response: HttpResponse) => (): Observable<HttpResponse> =>
  new Observable((subscriber) => {
    queueMicrotask(() => {
      subscriber.next(response);
      subscriber.complete();
    });
  });

describe.each(around)('a finaliser that throws, with %s around the call', (_around, options) => {
  it.each([
    ['is answered', answer('{}'), ['next', 'complete']],
    ['fails', answer('{"Code":"Wrong"}', 400), ['error']],
  ])('is reported once where the call %s, and the slot is the next one’s', async (_ends, response, told) => {
    const client = clientOf(options, later(response));
    const heard: string[] = [];
    const listener = {
      next: () => heard.push('next'),
      error: () => heard.push('error'),
      complete: () => heard.push('complete'),
    };
    call(client).subscribe(listener).add(throws);
    call(client).subscribe(listener);
    await jest.runAllTimersAsync();

    expect(heard).toEqual([...told, ...told]);
    expect(reported).toEqual([expect.objectContaining({ errors: [problem] })]);
  });

  it('is thrown at whoever unsubscribes, and reported to nobody else', async () => {
    let isAnswered = false;
    const client = clientOf(options, () => (isAnswered ? of(answer('{}')) : NEVER));
    const subscription = call(client).subscribe();
    subscription.add(throws);
    isAnswered = true;
    expect(() => subscription.unsubscribe()).toThrow(UnsubscriptionError);
    const answers: unknown[] = [];
    call(client).subscribe((value) => answers.push(value));
    await jest.runAllTimersAsync();

    expect(answers).toHaveLength(1);
    expect(reported).toEqual([]);
  });
});
