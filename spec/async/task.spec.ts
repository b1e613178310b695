import {
  config,
  EMPTY,
  firstValueFrom,
  NEVER,
  Observable,
  of,
  Subject,
  Subscription,
  take,
  throwError,
  type Observer,
} from 'rxjs';
import { Pool } from '../../lib/async/pool.js';
import { turn as nextTurn } from './turn.js';
import { through } from './through.js';

const problem = new Error('problem');
const thrower = () => {
  throw problem;
};

type Subscribe = (call: Observable<string>) => Subscription;
type Log = (line: string) => void;

/** The ways to subscribe, each with what the listener does. */
const ways: Readonly<Record<string, (log: Log) => Subscribe>> = {
  'an observer': (log) => (call) => call.subscribe(observer(log)),
  'a function': (log) => (call) => call.subscribe((value) => log(value)),
  'three functions': (log) => (call) => {
    const { next, error, complete } = observer(log);
    return call.subscribe(next, error, complete);
  },
  'a function for errors alone': (log) => (call) => call.subscribe(null, observer(log).error),
  'a function for the end alone': (log) => (call) => call.subscribe(undefined, null, observer(log).complete),
  'an observer of values alone': (log) => (call) => call.subscribe({ next: observer(log).next }),
  'an observer of errors alone': (log) => (call) => call.subscribe({ error: observer(log).error }),
  'an observer that is an object with methods': (log) => (call) => call.subscribe(new Counter(log)),
  'a subject': (log) => (call) => {
    const subject = new Subject<string>();
    subject.subscribe(observer(log));
    return call.subscribe(subject);
  },
  'an operator': (log) => (call) => call.pipe(take(1)).subscribe(observer(log)),
  nothing: () => (call) => call.subscribe(),
  null: () => (call) => call.subscribe(null),
  'an observer that throws': () => (call) => call.subscribe({ next: thrower, error: thrower, complete: thrower }),
  'a function that throws': () => (call) => call.subscribe(thrower),
  'one that unsubscribes on hearing of the value': (log) => (call) => {
    const subscription = new Subscription();
    const { error, complete } = observer(log);
    const next = (value: string) => {
      log(value);
      subscription.unsubscribe();
    };
    subscription.add(call.subscribe({ next, error, complete }));
    return subscription;
  },
};

const calls: readonly (readonly [string, () => Observable<string>])[] = [
  ['a response', () => later('response')],
  ['an error', () => later(problem)],
  ['an end without a response', () => later(undefined)],
  ['a response that comes at once', () => of('response')],
  ['an error that comes at once', () => throwError(() => problem)],
  ['an end that comes at once', () => EMPTY],
];

describe('A call through a pool, subscribed to', () => {
  const reported: unknown[] = [];
  beforeEach(() => {
    reported.length = 0;
    config.onUnhandledError = (error) => reported.push(error);
  });
  afterEach(() => (config.onUnhandledError = null));

  it.each(Object.keys(ways).flatMap((way) => calls.map(([name, call]) => [way, name, call] as const)))(
    'with %s, tells of %s as any Observable does',
    async (way, _, call) => {
      const expected = await story(way, call());
      const actual = await story(way, through(new Pool(1, 0), call()));
      expect(actual).toEqual(expected);
    },
  );

  async function story(way: string, call: Observable<string>) {
    const log: string[] = [];
    const made: Subscription[] = [];
    const tell = (line: string) => log.push(`${line}, closed: ${made[0]?.closed}`);
    const subscription = ways[way]?.(tell)(call);
    if (subscription) made.push(subscription);
    subscription?.add(() => tell('finalised'));
    await turn();
    tell('in the end');
    subscription?.unsubscribe();
    return { log, reported: reported.splice(0) };
  }

  it('goes nowhere for an owner who has unsubscribed before', () => {
    let started = 0;
    const pool = new Pool(1, 0);
    const call = through(pool, new Observable<string>(() => void started++));
    new Observable((owner) => {
      owner.complete();
      return call.subscribe(owner);
    }).subscribe();

    expect(started).toBe(0);
    call.subscribe();
    expect(started).toBe(1);
  });

  it('has the Subscriber that it was given for its subscription', () => {
    const same: boolean[] = [];
    new Observable((owner) => void same.push(through(new Pool(1, 0), NEVER).subscribe(owner) === owner)).subscribe();

    expect(same).toEqual([true]);
  });

  it('leaves its slot when the subscription that it was added to is unsubscribed from', async () => {
    const log: string[] = [];
    const pool = new Pool(1, 1);
    const parent = new Subscription();
    parent.add(through(pool, new Observable(() => () => log.push('stop a'))).subscribe());
    parent.add(through(pool, new Observable(() => void log.push('start b'))).subscribe());
    through(pool, new Observable(() => void log.push('refused'))).subscribe({ error: () => log.push('full') });
    parent.unsubscribe();
    through(pool, new Observable(() => void log.push('start c'))).subscribe();

    await nextTurn();
    expect(log).toEqual(['full', 'stop a', 'start c']);
  });

  it('is withdrawn even where a finaliser of its owner’s throws', () => {
    const pool = new Pool(1, 0);
    const subscription = through(pool, NEVER).subscribe();
    subscription.add(thrower);

    expect(() => subscription.unsubscribe()).toThrow('problem');
    const told: string[] = [];
    through(pool, of('response')).subscribe((value) => told.push(value));
    expect(told).toEqual(['response']);
  });

  it('takes the Subscriber of another copy of RxJS for one', () => {
    const log: string[] = [];
    const finalisers: { unsubscribe(): void }[] = [];
    // What the other copy's `source.subscribe(subscriber)` passes: a Subscriber by its members alone.
    const foreign = {
      ...observer((line) => log.push(line)),
      closed: false,
      add: (finaliser: { unsubscribe(): void }) => void finalisers.push(finaliser),
      remove: () => undefined,
      unsubscribe: () => undefined,
    };
    const pool = new Pool(1, 0);
    through(pool, new Observable(() => () => log.push('stop'))).subscribe(foreign as Partial<Observer<unknown>>);
    finalisers.forEach((finaliser) => finaliser.unsubscribe());
    through(pool, of('b')).subscribe(foreign);

    expect(log).toEqual(['stop', 'b', 'complete']);
  });

  it('is what a promise can be made of', async () => {
    const pool = new Pool(1, 1);
    await expect(firstValueFrom(through(pool, later('response')))).resolves.toBe('response');
    await expect(firstValueFrom(through(pool, later(problem)))).rejects.toBe(problem);
  });
});

class Counter implements Observer<string> {
  private values = 0;
  constructor(private readonly log: Log) {}
  next(): void {
    this.values++;
  }
  error(error: Error): void {
    this.log(`${error.message} after ${this.values}`);
  }
  complete(): void {
    this.log(`complete after ${this.values}`);
  }
}

function observer(log: Log): Observer<string> {
  return { next: log, error: (error: Error) => log(error.message), complete: () => log('complete') };
}

/** A call that ends in a microtask: with a value, an error, or nothing. */
function later(end: string | Error | undefined): Observable<string> {
  return new Observable((subscriber) => {
    queueMicrotask(() => {
      if (end instanceof Error) return subscriber.error(end);
      if (end !== undefined) subscriber.next(end);
      subscriber.complete();
    });
  });
}

/** Until the call has ended in its microtask, and what is reported then has been. */
async function turn(): Promise<void> {
  await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
}
