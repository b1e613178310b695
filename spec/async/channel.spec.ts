import { config, NEVER, Observable, of, Subject, take, throwError } from 'rxjs';
import { Channel } from '../../lib/async/channel.js';

/** A channel, and its sending side. */
function open<T>() {
  const sender = new Subject<T>();
  return { channel: new Channel(sender), sender };
}

/** What a receiver sees. */
function watch<T>(values: Observable<T>) {
  const seen: unknown[] = [];
  const subscription = values.subscribe({
    next: (value) => seen.push(value),
    error: (error) => seen.push(error),
    complete: () => seen.push('complete'),
  });
  return { seen, subscription };
}

describe('Channel', () => {
  describe('receive', () => {
    it('gives the values in the order in which they were sent, and then undefined', async () => {
      const channel = new Channel(of('a', 'b'));

      expect(await channel.receive()).toBe('a');
      expect(await channel.receive()).toBe('b');
      expect(await channel.receive()).toBeUndefined();
      expect(await channel.receive()).toBeUndefined();
    });

    it('waits for a value', async () => {
      const { channel, sender } = open<string>();
      const received = Promise.all([channel.receive(), channel.receive()]);
      sender.next('a');
      sender.next('b');

      expect(await received).toEqual(['a', 'b']);
    });

    it('ends when the channel is closed, for all who wait', async () => {
      const { channel, sender } = open<string>();
      const received = Promise.all([channel.receive(), channel.receive(), channel.receive()]);
      sender.next('a');
      sender.complete();

      expect(await received).toEqual(['a', undefined, undefined]);
    });

    it('takes undefined for the value it is', async () => {
      const channel = new Channel(of(undefined, 'a'));

      expect([await channel.receive(), await channel.receive()]).toEqual([undefined, 'a']);
    });
  });

  it('says that it is closed as soon as nothing more will be sent', () => {
    const { channel, sender } = open<string>();
    sender.next('a');
    expect(channel.closed).toBe(false);
    sender.complete();
    expect(channel.closed).toBe(true);
  });

  it('closes where what it is made of errors, which is reported as RxJS reports unhandled errors', async () => {
    const problem = new Error('problem');
    const reported = new Promise((resolve) => (config.onUnhandledError = resolve));
    const channel = new Channel(throwError(() => problem));

    expect(await channel.receive()).toBeUndefined();
    expect(await reported).toBe(problem);
    config.onUnhandledError = null;
  });

  describe('as an Observable', () => {
    it('emits what was sent before and what is sent later, and completes when the channel is closed', () => {
      const { channel, sender } = open<string>();
      sender.next('a');
      const { seen } = watch(channel.asObservable());
      sender.next('b');
      expect(seen).toEqual(['a', 'b']);
      sender.complete();

      expect(seen).toEqual(['a', 'b', 'complete']);
      expect(watch(channel.asObservable()).seen).toEqual(['complete']);
    });

    it('is cold: a receiver that is not subscribed to takes nothing', async () => {
      const channel = new Channel(of('a'));
      channel.asObservable();

      expect(await channel.receive()).toBe('a');
    });

    it('hands each value to one receiver, turn and turn about', () => {
      const { channel, sender } = open<number>();
      const receivers = [watch(channel.asObservable()), watch(channel.asObservable())];
      for (const value of [1, 2, 3, 4]) sender.next(value);
      sender.complete();

      expect(receivers.map(({ seen }) => seen)).toEqual([
        [1, 3, 'complete'],
        [2, 4, 'complete'],
      ]);
    });

    it('loses no value by a receiver that was withdrawn before', async () => {
      const { channel, sender } = open<string>();
      const { seen, subscription } = watch(channel.asObservable());
      subscription.unsubscribe();
      sender.next('a');

      expect(seen).toEqual([]);
      expect(await channel.receive()).toBe('a');
    });

    it('leaves to others what a receiver does not want', async () => {
      const channel = new Channel(of('a', 'b'));
      expect(watch(channel.asObservable().pipe(take(1))).seen).toEqual(['a', 'complete']);

      expect(await channel.receive()).toBe('b');
    });

    it('hands a value that is sent while a receiver is being withdrawn to the next who waits', () => {
      const { channel, sender } = open<string>();
      const first = watch(
        new Observable<string>((subscriber) => {
          subscriber.add(() => sender.next('a'));
          channel.asObservable().subscribe(subscriber);
        }),
      );
      const second = watch(channel.asObservable());
      first.subscription.unsubscribe();

      expect([first.seen, second.seen]).toEqual([[], ['a']]);
    });

    it('takes what is sent while a value is received', () => {
      const { channel, sender } = open<number>();
      const seen: number[] = [];
      channel.asObservable().subscribe((value) => {
        if (value < 100_000) sender.next(value + 1);
        seen.push(value);
      });
      sender.next(1);

      expect(seen).toHaveLength(100_000);
      expect(seen[99_999]).toBe(100_000);
    });
  });

  describe('as an async iterable', () => {
    it('ends when the channel is closed', async () => {
      const seen: string[] = [];
      for await (const value of new Channel(of('a', 'b'))) seen.push(value);

      expect(seen).toEqual(['a', 'b']);
    });

    it('leaves the rest to others when the loop is left early', async () => {
      const channel = new Channel(of('a', 'b'));
      for await (const value of channel) {
        expect(value).toBe('a');
        break;
      }

      expect(await channel.receive()).toBe('b');
    });

    it('withdraws those who wait when it is ended, and loses no value by them', async () => {
      const { channel, sender } = open<string>();
      const iterator = channel[Symbol.asyncIterator]();
      const pending = Promise.all([iterator.next(), iterator.next()]);
      const done = { done: true, value: undefined };

      expect(await iterator.return?.()).toEqual(done);
      expect(await pending).toEqual([done, done]);
      sender.next('a');
      expect(await iterator.next()).toEqual(done);
      expect(await channel.receive()).toBe('a');
    });

    it('shares the values with other receivers', async () => {
      const { channel, sender } = open<string>();
      const iterator = channel[Symbol.asyncIterator]();
      const [first, second] = [iterator.next(), channel.receive()];
      sender.next('a');
      sender.next('b');

      expect(await first).toEqual({ done: false, value: 'a' });
      expect(await second).toBe('b');
    });
  });

  it('has no sending side of its own', () => {
    const names = Object.getOwnPropertyNames(Channel.prototype);

    expect(names.sort()).toEqual(['asObservable', 'closed', 'constructor', 'receive']);
    expect(Object.keys(new Channel(NEVER))).toEqual([]);
  });
});
