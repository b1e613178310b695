import { from, NEVER, of, Subject, throwError, timer, map, type ObservableInput } from 'rxjs';
import type { Credentials, CredentialsProvider } from '../../lib/credentials/credentials.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { chain } from '../../lib/providers/chain.js';
import { errorOf, given, virtually } from './support.js';

/** A provider that counts how often it is asked. */
function counted(answer: () => ObservableInput<Credentials>): CredentialsProvider & { asked: number } {
  const provider = Object.assign(() => (provider.asked++, answer()), { asked: 0 });
  return provider;
}

const fails = (message: string): ReturnType<typeof counted> => counted(() => throwError(() => new Error(message)));
const gives = (accessKeyId: string): ReturnType<typeof counted> =>
  counted(() => of({ accessKeyId, accessKeySecret: 'secret' }));

describe('a chain of providers', () => {
  it('takes the first that gives credentials, and stays with it', async () => {
    const [a, b, c] = [fails('no'), gives('b'), gives('c')];
    const provider = chain({ a, b, c });
    expect(await given(provider)).toMatchObject({ accessKeyId: 'b' });
    expect(await given(provider)).toMatchObject({ accessKeyId: 'b' });
    expect([a.asked, b.asked, c.asked]).toEqual([1, 2, 0]);
  });

  it('asks one after the other, and once for all who wait', () => {
    virtually(({ flush }) => {
      const a = counted(() =>
        timer(100).pipe(
          map(() => {
            throw new Error('no');
          }),
        ),
      );
      const b = counted(() => timer(100).pipe(map(() => ({ accessKeyId: 'b', accessKeySecret: 'secret' }))));
      const provider = chain({ a, b });
      const came: unknown[] = [];
      for (const time of [0, 50, 150, 199]) timer(time).subscribe(() => subscribe(provider, (id) => came.push(id)));
      flush();
      expect(came).toEqual(['b', 'b', 'b', 'b']);
      expect([a.asked, b.asked]).toEqual([1, 1]);
    });
  });

  it('goes on for the others when one unsubscribes, and ends with the last', () => {
    const source = new Subject<Credentials>();
    const provider = chain({ a: () => source });
    const came: unknown[] = [];
    const first = subscribe(provider, () => came.push('first'));
    const second = subscribe(provider, () => came.push('second'));
    first.unsubscribe();
    expect(source.observed).toBe(true);
    second.unsubscribe();
    expect(source.observed).toBe(false);
    subscribe(provider, () => came.push('third'));
    source.next({ bearerToken: 'token' });
    expect(came).toEqual(['third']);
  });

  it('says what each of them said where all fail, and tries all again', async () => {
    const [a, b] = [fails('no luck'), counted(() => NEVER)];
    const provider = chain({ a, b: () => [], c: a });
    expect(await errorOf(provider)).toMatchObject({
      code: 'SDK.CredentialsUnavailable',
      message:
        'No provider of the chain gave credentials. a: no luck; b: the provider completed without giving credentials; c: no luck',
    });
    await errorOf(provider);
    expect(a.asked).toBe(4);
    expect(b.asked).toBe(0);
  });

  it('settles after a failure of all, on what is there by then', async () => {
    let isThere = false;
    const late = counted(() => (isThere ? of({ bearerToken: 'late' }) : throwError(() => new Error('not yet'))));
    const provider = chain({ a: fails('no'), late });
    await errorOf(provider);
    isThere = true;
    expect(await given(provider)).toEqual({ bearerToken: 'late' });
  });

  it('does not become somebody else when its provider fails later', async () => {
    const down = throwError(() => new Error('down'));
    const answers = [of({ bearerToken: 'a' }), down, down, of({ bearerToken: 'a' })];
    const a = counted(() => answers.shift() ?? []);
    const b = gives('b');
    const provider = chain({ a, b });
    await given(provider);
    expect((await errorOf(provider)).message).toBe('down');
    expect((await errorOf(provider)).message).toBe('down');
    expect(await given(provider)).toEqual({ bearerToken: 'a' });
    expect(b.asked).toBe(0);
  });

  it('passes on what was refused, to the provider that gave it', async () => {
    const refused: unknown[] = [];
    const kept = Object.assign(gives('b'), { invalidate: (used: Credentials) => refused.push(used) });
    const provider = chain({ a: fails('no'), kept });
    provider.invalidate?.({ bearerToken: 'x' });
    expect(refused).toEqual([]);
    const used = await given(provider);
    provider.invalidate?.(used);
    expect(refused).toEqual([used]);
    const fixed = chain({ key: accessKey('id', 'secret') });
    fixed.invalidate?.(await given(fixed));
    expect(await given(fixed)).toMatchObject({ accessKeyId: 'id' });
  });

  it('refuses what is no chain', () => {
    expect(() => chain({})).toThrow('Expected `providers` to be one provider or more, got none');
    expect(() => chain({ a: 5 as never })).toThrow('Expected `providers.a` to be a function, got 5');
  });
});

function subscribe(provider: CredentialsProvider, next: (id: string) => void): { unsubscribe(): void } {
  return from(provider()).subscribe((credentials) => next('accessKeyId' in credentials ? credentials.accessKeyId : ''));
}
