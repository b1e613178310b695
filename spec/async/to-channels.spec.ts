import { EMPTY, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { toChannels } from '../../lib/async/to-channels.js';
import { ClientError } from '../../lib/errors.js';

const aborted = new ClientError('SDK.Aborted', 'cut off');

/** Everything there is to receive, in both orders. */
async function received<T>(call: () => Observable<T>) {
  const [responses, errors] = toChannels(call());
  const forth = [await responses.receive(), await errors.receive()];
  const [responses2, errors2] = toChannels(call());
  const [error, response] = [await errors2.receive(), await responses2.receive()];
  expect([response, error]).toEqual(forth);
  for (const channel of [responses, errors, responses2, errors2]) {
    expect(channel.closed).toBe(true);
    expect(await channel.receive()).toBeUndefined();
  }
  return forth;
}

describe('toChannels', () => {
  it('starts the call at once', () => {
    const call = new Subject();
    toChannels(call);

    expect(call.observed).toBe(true);
  });

  it('puts a response in the first channel, and closes both', async () => {
    expect(await received(() => of('response'))).toEqual(['response', undefined]);
    expect(await received(() => later(of('response')))).toEqual(['response', undefined]);
  });

  it('puts an error in the second channel, and closes both', async () => {
    expect(await received(() => throwError(() => aborted))).toEqual([undefined, aborted]);
    expect(await received(() => later(throwError(() => aborted)))).toEqual([undefined, aborted]);
  });

  it('makes a typed error of any other', async () => {
    const cause = new TypeError('no such thing');
    const [, error] = await received(() => throwError(() => cause));

    expect(error).toMatchObject({ code: 'SDK.Unexpected', message: 'no such thing', cause });
  });

  it('makes an error of what is thrown by the call itself', async () => {
    const gone = new Subject<string>();
    gone.unsubscribe();
    const [response, error] = await received(() => gone);

    expect(response).toBeUndefined();
    expect(error).toMatchObject({ code: 'SDK.Unexpected' });
  });

  it('makes an error of a call that completes without a response', async () => {
    const [response, error] = await received(() => EMPTY);

    expect(response).toBeUndefined();
    expect(error).toMatchObject({ code: 'SDK.Unexpected', message: 'The call completed without a response' });
  });

  it('has one outcome where a call errors after its response', async () => {
    const call = new Observable<string>((subscriber) => {
      subscriber.next('response');
      subscriber.error(aborted);
    });

    expect(await received(() => call)).toEqual([undefined, aborted]);
  });

  it('leaves both open while the call goes on', () => {
    const [responses, errors] = toChannels(NEVER);

    expect([responses.closed, errors.closed]).toEqual([false, false]);
  });

  it('has closed both when whoever receives first learns of the outcome', () => {
    const call = new Subject<string>();
    const [responses, errors] = toChannels(call);
    const log: unknown[] = [];
    responses
      .asObservable()
      .subscribe({ next: (response) => log.push(response), complete: () => log.push('complete') });
    errors.asObservable().subscribe({ complete: () => log.push('no error') });
    call.next('response');
    expect(log).toEqual([]);
    call.complete();

    expect(log).toEqual(['response', 'complete', 'no error']);
  });
});

function later<T>(call: Observable<T>): Observable<T> {
  return new Observable((subscriber) => void Promise.resolve().then(() => call.subscribe(subscriber)));
}
