import fc from 'fast-check';
import { config, Observable, Subject, UnsubscriptionError, type Subscriber, type Subscription } from 'rxjs';
import { AsyncMode } from '../../lib/async/async-mode.js';
import type { QueueDepth } from '../../lib/async/dispatcher.js';
import type { ShutdownOptions } from '../../lib/async/shutdown-options.js';
import { toCallback } from '../../lib/async/to-callback.js';
import { toChannels } from '../../lib/async/to-channels.js';
import { ClientError, isClientError } from '../../lib/errors.js';
import { held, Ledger, type End, type Entry, type Generation, type Kind } from './ledger.js';
import { seeded } from './seeded.js';
import { dispatched } from './through.js';

/** Something that somebody does; `which` is one of those that there are then. */
type Command =
  | { readonly do: 'enable'; readonly poolSize: number; readonly maxTaskQueueSize: number }
  | ShutdownCommand
  | CallCommand
  | { readonly do: 'end'; readonly which: number; readonly end: End }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'goOn'; readonly which: number }
  | { readonly do: 'throw' };

interface CallCommand {
  readonly do: 'call';
  readonly kind: Kind;
  /** How often it waits to be repeated, each time without its slot. */
  readonly waits: number;
  /** Whether what finalises it throws, and what its caller has added to the subscription. */
  readonly throws: readonly ('finaliser' | 'caller')[];
  /** How it ends at once; it ends later, or never, where this is absent. */
  readonly end: End | undefined;
  /** What is done while the call is being started. */
  readonly inStart: Command | undefined;
  /** What its owner does on hearing of the outcome. */
  readonly onOutcome: Command | undefined;
}

interface ShutdownCommand {
  readonly do: 'shutdown';
  readonly options: ShutdownOptions;
  /** What is done on hearing for the second time of what is left. */
  readonly onReport: Command | undefined;
}

/** What is done from outside, or how long nothing is. */
type Step = Command | { readonly do: 'wait'; readonly time: number };

// The TestScheduler can't be used here: it fails where a microtask clears a timer that is due in the same frame.
beforeAll(() => void jest.useFakeTimers());
afterAll(() => void jest.useRealTimers());

describe('The invariant', () => {
  it('holds: every accepted call ends in exactly one way, whatever is interleaved', async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const { complaints, entries } = await live(steps);
      expect(complaints).toEqual([]);
      for (const { told, cancelled } of entries) seen.add(cancelled ? 'cancelled' : told.join());
    });
    await fc.assert(property, seeded(1500));

    // Else the steps would be too tame to show anything.
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'value,end',
        'end',
        'cancelled',
        'SDK.NetworkError',
        'SDK.NetworkError,end',
        'SDK.Unexpected,end',
        'SDK.AsyncQueueFull',
        'SDK.AsyncQueueFull,end',
        'SDK.AsyncFunctionNotEnabled,end',
        'SDK.Aborted',
        'SDK.Aborted,end',
      ]),
    );
  }, 60_000);
});

/** Takes the steps, and ends all that is left by a last shutdown. */
async function live(steps: readonly Step[]): Promise<Ledger> {
  const session = new Session();
  config.onUnhandledError = (error) => session.unhandled(error);
  for (const step of steps) await session.take(step);
  await session.finish();
  config.onUnhandledError = null;
  return session.ledger;
}

class Session {
  readonly ledger = new Ledger(() => Date.now());
  private readonly mode = new AsyncMode();
  /** The calls that are running, to be ended by hand. */
  private readonly open = new Map<Entry, Subscriber<string>>();
  /** The calls that wait to be repeated. */
  private readonly waits = new Map<Entry, Subject<never>>();
  /** The calls that can be cancelled. */
  private readonly owned = new Map<Entry, Subscription>();
  private readonly shutdowns: Shutdown[] = [];
  private readonly problem = new Error('thrown on purpose');

  async take(step: Step): Promise<void> {
    if (step.do === 'wait') await this.wait(step.time);
    else this.perform(step);
  }

  /** Ends everything, and checks that all has ended. */
  async finish(): Promise<void> {
    // What is done on hearing of the end may begin anew, but only so many times.
    for (let round = 0; round < 10; round++) {
      await this.wait(1000);
      this.shutdown({ mode: 'abort' });
    }
    await this.wait(1000);
    for (const entry of this.ledger.entries) {
      const { told, kind } = entry;
      const all = this.ledger.over(entry) && (kind === 'observable' || told.at(-1) === 'end');
      if (!all) this.complain(`Call ${entry.id} (${kind}) was told no more than ${told.join() || 'nothing'}`);
    }
    for (const generation of this.ledger.generations) {
      if (held(generation) > 0) this.complain('A pool kept a call');
    }
    if (!this.shutdowns.every(({ completed }) => completed)) this.complain('A shutdown did not complete');
  }

  /** What RxJS reports as unhandled: only what was thrown on purpose may come here. */
  unhandled(error: unknown): void {
    const errors: unknown[] = error instanceof UnsubscriptionError ? error.errors.flatMap(allErrors) : [error];
    if (errors.some((each) => each !== this.problem)) this.complain(`Unhandled: ${String(error)}`);
  }

  private perform(command: Command): void {
    switch (command.do) {
      case 'enable':
        return this.enable(command.poolSize, command.maxTaskQueueSize);
      case 'shutdown':
        return this.shutdown(command.options, command.onReport);
      case 'call':
        return this.call(command);
      case 'end': {
        const chosen = pick(this.open, command.which);
        return chosen && this.end(...chosen, command.end);
      }
      case 'cancel': {
        const chosen = pick(this.owned, command.which);
        return chosen && this.cancel(...chosen);
      }
      case 'goOn': {
        const chosen = pick(this.waits, command.which);
        return chosen && this.goOn(...chosen);
      }
      case 'throw':
        throw this.problem;
    }
  }

  private async wait(time: number): Promise<void> {
    await microtasks();
    jest.advanceTimersByTime(time);
    await microtasks();
    this.ledger.checkAtRest();
    for (const shutdown of this.shutdowns) this.checkShutdown(shutdown);
  }

  private enable(poolSize: number, maxTaskQueueSize: number): void {
    const wasOn = this.ledger.current !== undefined;
    let code: string | undefined;
    try {
      this.mode.enable(poolSize, maxTaskQueueSize);
      this.ledger.enabled(poolSize, maxTaskQueueSize);
    } catch (error) {
      code = codeOf(error);
    }
    if (code !== (wasOn ? 'SDK.AsyncAlreadyEnabled' : undefined)) this.complain(`enable ended in ${code}`);
  }

  private shutdown(options: ShutdownOptions, onReport?: Command): void {
    const { current } = this.ledger;
    this.ledger.shutDown(options);
    const generations = this.ledger.generations.filter((each) => each === current || held(each) > 0);
    const remaining$ = this.mode.shutdown(options);
    const shutdown: Shutdown = { generations, completed: false };
    let reports = 0;
    this.shutdowns.push(shutdown);
    remaining$.subscribe({
      next: (remaining) => {
        shutdown.last = remaining;
        if (++reports === 2 && onReport) this.perform(onReport);
      },
      complete: () => (shutdown.completed = true),
    });
  }

  private checkShutdown({ generations, last, completed }: Shutdown): void {
    const sum = (...parts: ('running' | 'waiting' | 'paused' | 'returning')[]) =>
      generations.reduce((before, each) => parts.reduce((so, part) => so + each[part].size, before), 0);
    const [running, waiting] = [sum('running'), sum('waiting', 'paused', 'returning')];
    if (last?.running !== running || last.waiting !== waiting) {
      this.complain(`${JSON.stringify(last)} was reported where ${running} run and ${waiting} wait`);
    }
    if (completed !== (running + waiting === 0)) this.complain(`A shutdown ${completed ? 'completed early' : 'hangs'}`);
  }

  private call({ kind, end, inStart, onOutcome, waits, throws }: CallCommand): void {
    const entry = this.ledger.submitted(kind);
    const dispatchedCall = dispatched(false, kind !== 'observable');
    const call = new Observable<string>((subscriber) => {
      this.ledger.started(entry);
      this.open.set(entry, subscriber);
      subscriber.add(() => {
        this.open.delete(entry);
        this.ledger.finalised(entry);
      });
      if (throws.includes('finaliser')) subscriber.add(this.thrower);
      if (inStart && inStart.do !== 'throw') this.perform(inStart);
      const proceed = (left: number): void => {
        if (subscriber.closed || entry.end) return;
        if (left === 0) return end && this.end(entry, subscriber, end);
        const over = new Subject<never>();
        this.open.delete(entry);
        this.waits.set(entry, over);
        this.ledger.paused(entry);
        const wait = dispatchedCall.slot?.leaveDuring(over).subscribe({
          complete: () => {
            this.ledger.returned(entry);
            this.open.set(entry, subscriber);
            proceed(left - 1);
          },
        });
        subscriber.add(() => this.waits.delete(entry));
        subscriber.add(wait);
      };
      proceed(waits);
    });
    const tell = (what: string) => {
      const first = entry.told.length === 0;
      this.ledger.told(entry, what);
      if (first && onOutcome) this.perform(onOutcome);
    };
    this[kind](
      entry,
      this.mode.run(dispatchedCall, () => call),
      tell,
      throws.includes('caller'),
    );
  }

  /** The server answers. */
  private end(entry: Entry, subscriber: Subscriber<string>, end: End): void {
    if (subscriber.closed || entry.end) return;
    this.open.delete(entry);
    this.ledger.ended(entry, end);
    if (end === 'value') subscriber.next('response');
    if (end === 'error') subscriber.error(new ClientError('SDK.NetworkError', 'no connection'));
    else subscriber.complete();
  }

  private goOn(entry: Entry, over: Subject<never>): void {
    this.waits.delete(entry);
    this.ledger.waited(entry);
    over.complete();
  }

  private readonly thrower = (): never => {
    throw this.problem;
  };

  private cancel(entry: Entry, subscription: Subscription): void {
    this.owned.delete(entry);
    if (this.ledger.over(entry)) return;
    this.ledger.cancelled(entry);
    try {
      subscription.unsubscribe();
    } catch (error) {
      // Whoever unsubscribes is told of what was added to the subscription.
      this.unhandled(error);
    }
  }

  observable(entry: Entry, call: Observable<string>, tell: (what: string) => void, callerThrows: boolean): void {
    const routed$ = new Observable<string>((subscriber) => {
      this.owned.set(entry, subscriber);
      return call.subscribe(subscriber);
    });
    const subscription = routed$.subscribe({
      next: () => tell('value'),
      error: (error) => tell(codeOf(error)),
      complete: () => tell('end'),
    });
    // Of a subscription that is closed already, it is called at once.
    if (callerThrows && !subscription.closed) subscription.add(this.thrower);
  }

  chan(_entry: Entry, call: Observable<string>, tell: (what: string) => void): void {
    const [responses, errors] = toChannels(call);
    let open = 2;
    const complete = () => {
      if (--open === 0) tell('end');
    };
    responses.asObservable().subscribe({ next: () => tell('value'), complete });
    errors.asObservable().subscribe({ next: (error) => tell(error.code), complete });
  }

  callback(entry: Entry, call: Observable<string>, tell: (what: string) => void): void {
    let returned = false;
    const blocker = toCallback(call, (response, error) => {
      if (!returned) this.complain(`Call ${entry.id} called back before it had returned`);
      tell(error ? error.code : response === undefined ? 'nothing' : 'value');
    });
    returned = true;
    blocker.asObservable().subscribe({
      next: (value) => {
        if (value !== Number(entry.told[0] === 'value')) this.complain(`Call ${entry.id} yielded ${value}`);
      },
      complete: () => tell('end'),
    });
  }

  private complain(complaint: string): void {
    this.ledger.complaints.push(complaint);
  }
}

interface Shutdown {
  /** What it has to see off. */
  readonly generations: readonly Generation[];
  last?: QueueDepth;
  completed: boolean;
}

/** Lets what was promised happen, and what follows from it. */
async function microtasks(): Promise<void> {
  for (let round = 0; round < 10; round++) await Promise.resolve();
}

/** An error of several has those of others in it. */
function allErrors(error: unknown): unknown[] {
  return error instanceof UnsubscriptionError ? error.errors.flatMap(allErrors) : [error];
}

function pick<K, V>(map: ReadonlyMap<K, V>, which: number): [K, V] | undefined {
  return [...map][which % map.size];
}

function codeOf(error: unknown): string {
  return isClientError(error) ? error.code : String(error);
}

const which = fc.nat({ max: 50 });
const end = fc.constantFrom<End>('value', 'value', 'error', 'empty');

const shutdownOptions: fc.Arbitrary<ShutdownOptions> = fc.oneof(
  fc.constant({}),
  fc.constant({ mode: 'abort' as const }),
  fc.record({ timeout: fc.integer({ min: 0, max: 8 }) }),
);

const simple: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), which, end }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('goOn' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('enable' as const),
      poolSize: fc.integer({ min: 1, max: 3 }),
      maxTaskQueueSize: fc.integer({ min: 0, max: 3 }),
    }),
  },
);

/** A shutdown, and what is done in its course, to a certain depth. */
function shutdown(depth: number): fc.Arbitrary<ShutdownCommand> {
  return fc.record({ do: fc.constant('shutdown' as const), options: shutdownOptions, onReport: within(depth) });
}

/** A call, and what is done in its course, to a certain depth. */
function call(depth: number): fc.Arbitrary<CallCommand> {
  return fc.record({
    do: fc.constant('call' as const),
    kind: fc.constantFrom<Kind>('observable', 'chan', 'callback'),
    waits: fc.constantFrom(0, 0, 0, 1, 2),
    throws: fc.constantFrom([], [], ['finaliser'] as const, ['caller'] as const),
    end: fc.option(end, { nil: undefined, freq: 2 }),
    inStart: within(depth),
    onOutcome: within(depth),
  });
}

function within(depth: number): fc.Arbitrary<Command | undefined> {
  const thrown = fc.constant({ do: 'throw' as const });
  const deeper = depth === 0 ? [] : [call(depth - 1), call(depth - 1), shutdown(depth - 1)];
  return fc.option(fc.oneof(simple, simple, thrown, ...deeper), { nil: undefined, freq: 2 });
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: simple },
  { weight: 8, arbitrary: call(2) },
  { weight: 1, arbitrary: shutdown(2) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), time: fc.integer({ min: 0, max: 6 }) }) },
);
