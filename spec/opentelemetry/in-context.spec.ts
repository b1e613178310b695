import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { firstValueFrom, from, Observable } from 'rxjs';
import { inContext } from '../../lib/opentelemetry/in-context.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { response } from '../events/support.js';
import { clientOver, Collected, network, ok, registerGlobals, within } from './support.js';

let collected: Collected;

registerGlobals();
beforeEach(() => (collected = new Collected()));
afterEach(() => collected.shutdown());

describe('the active span', () => {
  it('is that of the attempt while the request is sent', async () => {
    let active: string | undefined;
    const sends = (): Observable<HttpResponse> => {
      active = trace.getActiveSpan()?.spanContext().spanId;
      return ok();
    };
    await firstValueFrom(clientOver(collected, sends).call());
    expect(active).toBe(collected.span('POST').spanContext().spanId);
  });

  it.each<[string, () => Observable<HttpResponse>]>([
    ['at once', ok],
    ['later', () => from(Promise.resolve(response()))],
  ])('is that of the application where the response comes %s', async (_when, sends) => {
    const seen: unknown[] = [];
    const active = (): void => void seen.push(trace.getActiveSpan()?.spanContext().spanId);
    const parent = await within(
      collected,
      (span) =>
        new Promise((resolve) => {
          clientOver(collected, sends)
            .call()
            .subscribe({
              next: active,
              complete: () => {
                active();
                resolve(span.spanContext().spanId);
              },
            });
        }),
    );
    expect(seen).toEqual([parent, parent]);
  });

  it('is that of the application where the call fails', async () => {
    const [parent, seen] = await within(
      collected,
      (span) =>
        new Promise<unknown[]>((resolve) => {
          const failing = clientOver(collected, () => from(Promise.reject(network))).call();
          failing.subscribe({
            error: () => resolve([span.spanContext().spanId, trace.getActiveSpan()?.spanContext().spanId]),
          });
        }),
    );
    expect(seen).toBe(parent);
  });
});

it('a source that gives all at once stops when nobody wants more', async () => {
  let given = 0;
  const many$ = new Observable<number>((observer) => {
    while (!observer.closed && given < 1000) observer.next(given++);
  });
  expect(await firstValueFrom(many$.pipe(inContext(ROOT_CONTEXT, ROOT_CONTEXT)))).toBe(0);
  expect(given).toBe(2);
});
