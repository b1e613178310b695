import { ConfigurationError } from '../../lib/errors.js';
import { fair, fifo, priority, queueOf } from '../../lib/queues/index.js';
import { Subject } from 'rxjs';
import { Observable } from 'rxjs';
import { marbles } from '../async/marbles.js';
import { dispatched } from '../async/through.js';
import { turn } from '../async/turn.js';
import { answerAll, keyOf, numberOf, poolWith, type Named } from './through-pool.js';

describe('fair', () => {
  it('starts one of each key in turn, those of a key in the order in which they came', () => {
    const desk = poolWith(1, 100, fair(keyOf));
    for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) desk.call(name);
    answerAll(desk);

    // a1 found the pool empty.
    expect(desk.started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  });

  it('lets no key starve another: of 10,000 and 10, the ten are done within 20 slots', () => {
    const desk = poolWith(1, 20_000, fair(keyOf));
    for (let number = 0; number < 10_000; number++) desk.call(`large${number}`);
    for (let number = 0; number < 10; number++) desk.call(`small${number}`);
    let slots = 0;
    while (desk.told.filter((what) => what.startsWith('small')).length < 10) desk.answer(desk.started[slots++] ?? '');

    expect(slots).toBe(21);
    expect(desk.pool.depth).toEqual({ running: 1, waiting: 10_000 - 12 });
  });

  it('lets each key run so many at a time, and gives their slots to others', () => {
    const desk = poolWith(4, 100, fair(keyOf, { limit: 2 }));
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3']) desk.call(name);
    expect(desk.started).toEqual(['a1', 'a2', 'b1', 'b2']);

    desk.answer('b1');
    expect(desk.started.slice(4)).toEqual(['b3']);
    desk.answer('b2');
    desk.answer('b3');
    expect(desk.started.slice(5)).toEqual([]);
    desk.answer('a2');
    expect(desk.started.slice(5)).toEqual(['a3']);
  });

  it('frees the place of a key where one of it is cancelled', async () => {
    const desk = poolWith(2, 100, fair(keyOf, { limit: 1 }));
    const first = desk.call('a1');
    desk.call('a2');
    first.unsubscribe();
    await turn();

    expect(desk.started).toEqual(['a1', 'a2']);
  });

  it('counts one that waits to be repeated for its key', () => {
    const desk = poolWith(2, 100, fair(keyOf, { limit: 1 }));
    const over = new Subject<never>();
    const call = Object.assign(dispatched(), { name: 'a1' });
    const call$ = new Observable<string>((subscriber) => call.slot?.leaveDuring(over).subscribe(subscriber));
    desk.pool.run(call, () => call$).subscribe();
    desk.call('a2');
    expect(desk.started).toEqual([]);

    over.complete();
    expect(desk.started).toEqual(['a2']);
  });

  it('has an order within each key', () => {
    const desk = poolWith(1, 100, fair(keyOf, { within: priority(numberOf) }));
    for (const name of ['x', 'a1', 'a3', 'b1', 'b2', 'a2']) desk.call(name);
    answerAll(desk);

    expect(desk.started).toEqual(['x', 'a3', 'b2', 'a2', 'b1', 'a1']);
  });

  it('tells the order within of what has ended, so that its limit holds and is given back', () => {
    const desk = poolWith(2, 10, fair(keyOf, { within: fair(numberOf, { limit: 1 }) }));
    for (const name of ['a1', 'a1x']) desk.call(name);
    expect(desk.started).toEqual(['a1']);
    desk.answer('a1');
    expect(desk.started).toEqual(['a1', 'a1x']);
  });

  it('has a rate for each key', () => {
    marbles(({ flush }) => {
      const desk = poolWith(10, 100, fair(keyOf, { within: fifo({ rate: { limit: 1, interval: 10 } }) }));
      for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) desk.call(name);
      expect(desk.started).toEqual(['a1', 'b1']);
      const seen: number[] = [];
      desk.call('c1');
      seen.push(desk.started.length);
      flush();

      expect(seen).toEqual([3]);
      expect(desk.started).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    });
  });

  it('asks for the key once, when the call is made', () => {
    const asked: string[] = [];
    const desk = poolWith(
      1,
      10,
      fair((call: Named) => {
        asked.push(call.name);
        return keyOf(call);
      }),
    );
    desk.call('a1');
    desk.call('b1');
    expect(asked).toEqual(['a1', 'b1']);
    answerAll(desk);
    expect(asked).toEqual(['a1', 'b1']);
  });

  it('ends a call in what keyOf throws, and harms nobody else', () => {
    const desk = poolWith(
      1,
      10,
      fair((call: Named) => {
        if (call.name === 'b1') throw new Error('no tenant');
        return keyOf(call);
      }),
    );
    for (const name of ['a1', 'b1', 'c1']) desk.call(name);
    answerAll(desk);

    expect(desk.told).toEqual(['b1: Error: no tenant', 'a1: response', 'c1: response']);
    expect(desk.pool.isEmpty).toBe(true);
  });

  it('forgets keys that have nothing left', () => {
    // The only trace of a key is what it holds: a queue within, which is made anew.
    let made = 0;
    const within = queueOf<Named>((wake) => {
      made++;
      return fifo<Named>().make(wake);
    });
    const desk = poolWith(1, 10, fair(keyOf, { within }));
    desk.call('a1');
    desk.call('b1').unsubscribe();
    desk.call('b2');
    answerAll(desk);
    desk.call('a2');

    expect(made).toBe(4);
  });

  it.each([
    [() => fair('tenant' as never), 'keyOf'],
    [() => fair(keyOf, { limit: 0 }), 'limit'],
    [() => fair(keyOf, { limit: 1.5 }), 'limit'],
    [() => fair(keyOf, { within: fifo({ maxQueueTime: 5 }) }), 'within'],
    [() => fair(keyOf, { within: {} as never }), 'within'],
    [() => fair(keyOf, { limits: 1 } as never), 'limits'],
    [() => fair(keyOf, { overflow: 'drop' as never }), 'overflow'],
    [() => fair(keyOf, { maxQueueTime: 0 }), 'maxQueueTime'],
    [() => fair(keyOf, { rate: { limit: 1 } as never }), 'rate.interval'],
    [() => fair(keyOf, { rate: { limit: 0, interval: 1 } }), 'rate.limit'],
  ])('refuses what it can do nothing with: %s', (make, path) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`Expected \`${path}\` to be `);
  });
});
