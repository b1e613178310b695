import { config, NEVER, Subject, throwError, type Observable, type Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { ClientError } from '../../lib/errors.js';
import type { Closing, GateHost, GateState, GateStore } from '../../lib/throttling/gate-store.js';
import type { Pass } from '../../lib/throttling/gates.js';
import { SharedGates } from '../../lib/throttling/shared-gates.js';
import { no, ok, scope } from './support.js';

/** A store whose answers a spec gives. */
class Asked implements GateStore {
  goesOnAlone = true;
  available = true;
  isKnown = true;
  readonly renewAfter = 1000;
  readonly current$ = NEVER;
  readonly said: string[] = [];
  /** The answers that are waited for, oldest first. */
  readonly answers: Subject<GateState | undefined>[] = [];
  readonly late: ((state: GateState | undefined) => void)[] = [];

  idOf = (account: string): string => account;
  isCurrent = (): boolean => this.isKnown;
  close(_id: string, { epoch, wait }: Closing): Observable<GateState | undefined> {
    return this.ask(`close ${epoch} ${wait}`);
  }
  probe(_id: string, late: (state: GateState | undefined) => void): Observable<GateState | undefined> {
    this.late.push(late);
    return this.ask('probe');
  }
  open(_id: string, epoch: number): void {
    this.said.push(`open ${epoch}`);
  }
  release(_id: string, epoch: number): void {
    this.said.push(`release ${epoch}`);
  }
  answer(state?: Partial<GateState>): void {
    const answer = this.answers.shift();
    answer?.next(state === undefined ? undefined : stateWith(state));
    answer?.complete();
  }
  private ask(what: string): Observable<GateState | undefined> {
    this.said.push(what);
    if (!this.available) return throwError(() => new ClientError('SDK.FleetUnavailable', 'away'));
    const answer = new Subject<GateState | undefined>();
    this.answers.push(answer);
    return answer;
  }
}

const stateWith = (state: Partial<GateState>): GateState => ({
  epoch: 1,
  remaining: 0,
  asked: 0,
  inARow: 1,
  probeLeft: 0,
  isMine: false,
  ...state,
});

const id = 'LTAI1:cn-hangzhou:Ecs:DescribeZones';

interface Played {
  readonly store: Asked;
  readonly host: GateHost;
  readonly gates: SharedGates;
  readonly went: string[];
  readonly errors: unknown[];
  readonly make: (name: string, onGo?: (pass: Pass) => void) => Subscription;
  readonly at: (time: number, act: () => void) => void;
  readonly flush: () => void;
}

function play(spec: (played: Played) => void): void {
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ flush }) => {
    const store = new Asked();
    const gates = new SharedGates(() => store);
    const went: string[] = [];
    const errors: unknown[] = [];
    spec({
      store,
      host: gates,
      gates,
      went,
      errors,
      make: (name, onGo) =>
        gates.admit(scope).subscribe({
          next(pass) {
            went.push(`${name} ${scheduler.now()}`);
            if (onGo !== undefined) onGo(pass);
            else scheduler.schedule(() => pass.done(), 10);
          },
          error: (error: unknown) => errors.push(error),
        }),
      at: (time, act) => void scheduler.schedule(act, time),
      flush,
    });
  });
}

describe('a gate that processes share', () => {
  afterEach(() => (config.onUnhandledError = null));

  it('closes at once, and is told to all; the first that waits goes when it is lent the probe', () => {
    play(({ store, gates, went, make, at, flush }) => {
      gates.learn(scope, no({ wait: 100 }));
      store.answer({ epoch: 7, remaining: 100, asked: 100 });
      make('a');
      make('b');
      at(100, () => {
        expect(store.said).toEqual(['close 0 100', 'probe']);
        store.answer({ epoch: 7, probeLeft: 500, isMine: true });
      });
      at(101, () => expect(went).toEqual(['a 100']));
      flush();
    });
  });

  it('lets others follow when the probe is let through, and says so', () => {
    play(({ store, gates, went, make, at, flush }) => {
      gates.learn(scope, no({ wait: 100 }));
      store.answer({ epoch: 7, remaining: 100 });
      make('a', (pass) => at(10, () => gates.learn(scope, ok(), pass)));
      make('b');
      make('c');
      at(100, () => store.answer({ epoch: 7, probeLeft: 500, isMine: true }));
      flush();
      expect(went).toEqual(['a 100', 'b 110', 'c 110']);
      expect(store.said).toEqual(['close 0 100', 'probe', 'open 7']);
    });
  });

  it("waits for another's probe, until that is over or its time is", () => {
    play(({ store, host, went, make, at, flush }) => {
      host.changed(id, stateWith({ epoch: 7, remaining: 50 }));
      make('a');
      at(51, () => store.answer({ epoch: 7, probeLeft: 100 }));
      at(152, () => store.answer({ epoch: 7, probeLeft: 400 }));
      at(200, () => host.changed(id, stateWith({ epoch: 7 })));
      at(201, () => store.answer({ epoch: 7, probeLeft: 400 }));
      at(300, () => host.opened(id, 7));
      flush();
      expect(store.said).toEqual(['probe', 'probe', 'probe']);
      expect(went).toEqual(['a 300']);
    });
  });

  it('renews the probe while it is in flight, and gives it back where it comes to nothing', () => {
    play(({ store, host, make, at, flush }) => {
      host.changed(id, stateWith({ epoch: 7 }));
      make('a', (pass) => at(1500, () => pass.done()));
      store.answer({ epoch: 7, isMine: true, probeLeft: 3000 });
      at(1000, () => store.answer({ epoch: 7, isMine: true, probeLeft: 3000 }));
      flush();
      expect(store.said).toEqual(['probe', 'probe', 'release 7']);
    });
  });

  it('gives back a probe that nobody here wants any more', () => {
    play(({ store, host, make, flush }) => {
      host.changed(id, stateWith({ epoch: 7 }));
      make('a').unsubscribe();
      store.answer({ epoch: 7, isMine: true, probeLeft: 3000 });
      flush();
      expect(store.said).toEqual(['probe', 'release 7']);
    });
  });

  it('gives back a probe that it was told of when it had gone alone', () => {
    play(({ store, host, went, make, flush }) => {
      host.changed(id, stateWith({ epoch: 7 }));
      make('a');
      store.answers.shift()?.error(new Error('no answer'));
      expect(went).toEqual(['a 0']);
      store.late[0]?.(stateWith({ epoch: 7, isMine: true, probeLeft: 3000 }));
      flush();
      expect(store.said).toEqual(['probe', 'release 7']);
    });
  });

  it('is not opened by what was said of an earlier closing, nor closed by it', () => {
    play(({ store, host, gates, flush }) => {
      host.changed(id, stateWith({ epoch: 7, remaining: 100 }));
      gates.learn(scope, no({ wait: 300 }));
      host.opened(id, 7);
      expect(gates.estimate(scope)).toBe(300);
      store.answer({ epoch: 9, remaining: 300 });
      host.opened(id, 7);
      host.changed(id, stateWith({ epoch: 8, remaining: 5000 }));
      expect(gates.estimate(scope)).toBe(300);
      flush();
    });
  });

  it('serves those that wait, too, where the answer to its closing is older than what it has heard', () => {
    play(({ store, host, gates, went, make, at, flush }) => {
      gates.learn(scope, no({ wait: 20 }));
      make('a');
      host.changed(id, stateWith({ epoch: 9, remaining: 10 }));
      at(30, () => store.answer({ epoch: 8 }));
      at(31, () => store.answer({ epoch: 9, isMine: true, probeLeft: 500 }));
      flush();
      expect(went).toEqual(['a 31']);
    });
  });

  it('asks again where the probe was given back while it was being told that it is lent', () => {
    play(({ store, host, went, make, at, flush }) => {
      host.changed(id, stateWith({ epoch: 7 }));
      make('a');
      host.changed(id, stateWith({ epoch: 7 }));
      at(1, () => store.answer({ epoch: 7, probeLeft: 5000 }));
      at(2, () => store.answer({ epoch: 7, isMine: true, probeLeft: 500 }));
      flush();
      expect(went).toEqual(['a 2']);
    });
  });

  it('waits for no probe that was given back since all that is known was asked for', () => {
    play(({ store, host, went, make, at, flush }) => {
      host.changed(id, stateWith({ epoch: 7, remaining: 100 }));
      make('a');
      expect(host.local).toHaveLength(1);
      at(101, () => store.answer({ epoch: 7, probeLeft: 5000 }));
      at(102, () => {
        host.changed(id, stateWith({ epoch: 7 }));
        host.synchronised(new Map([[id, stateWith({ epoch: 7, probeLeft: 5000 })]]));
        store.answer({ epoch: 7, isMine: true, probeLeft: 500 });
      });
      flush();
      expect(went).toEqual(['a 102']);
    });
  });

  it.each<[what: string, onGo: (gates: SharedGates, pass: Pass) => void]>([
    [
      'throws',
      () => {
        throw new Error('of the listener');
      },
    ],
    ['is done at once', (_gates, pass) => pass.done()],
    ['is refused at once', (gates, pass) => gates.learn(scope, no({ wait: 0 }), pass)],
  ])('is free again after a probe whose listener %s', (_what, onGo) => {
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error) => unhandled.push(error);
    play(({ store, host, gates, went, make, at, flush }) => {
      host.changed(id, stateWith({ epoch: 7 }));
      gates.admit(scope).subscribe({
        next: (pass) => {
          at(5, () => pass.done());
          onGo(gates, pass);
        },
        error: () => undefined,
      });
      make('b', (pass) => gates.learn(scope, ok(), pass));
      let epoch = 7;
      for (let time = 0; time < 50; time++)
        at(time, () => {
          const asked = store.said.filter((said) => /^(probe|close)/.test(said)).at(-1);
          if (asked?.startsWith('close') === true) epoch = 8;
          store.answer({ epoch, isMine: asked === 'probe', probeLeft: asked === 'probe' ? 500 : 0 });
        });
      flush();
      expect(went.map((line) => line.split(' ')[0])).toEqual(['b']);
      expect([gates.idle, store.said.at(-1)]).toEqual([true, `open ${epoch}`]);
    });
  });

  it('is left by whoever unsubscribes from within another one’s turn', () => {
    play(({ store, host, gates, went, make, flush }) => {
      host.changed(id, stateWith({ epoch: 7 }));
      let other: Subscription | undefined = undefined as Subscription | undefined;
      make('a', (pass) => {
        other?.unsubscribe();
        gates.learn(scope, ok(), pass);
      });
      other = make('b');
      make('c', (pass) => gates.learn(scope, ok(), pass));
      store.answer({ epoch: 7, isMine: true, probeLeft: 500 });
      flush();
      expect(went).toEqual(['a 0', 'c 0']);
      expect([gates.idle, store.said]).toEqual([true, ['probe', 'open 7']]);
    });
  });

  it('goes on alone where nobody can be asked, and obeys the others again when they can', () => {
    play(({ store, host, gates, went, make, at, flush }) => {
      store.available = false;
      gates.learn(scope, no({ wait: 100 }));
      make('a', (pass) => at(10, () => pass.done()));
      make('b');
      at(105, () => {
        store.available = true;
        expect(host.local).toEqual([{ id, epoch: 0, remaining: 0, asked: 0, inARow: 1, isProbing: false }]);
        host.synchronised(new Map([[id, stateWith({ epoch: 7, remaining: 200 })]]));
      });
      at(306, () => store.answer({ epoch: 7, isMine: true, probeLeft: 500 }));
      flush();
      expect(went).toEqual(['a 100', 'b 306']);
    });
  });

  it('ends those that wait where they are not to go without being told', () => {
    play(({ store, host, gates, went, errors, make, flush }) => {
      store.goesOnAlone = false;
      gates.learn(scope, no({ wait: 100 }));
      store.answer({ epoch: 7, remaining: 100 });
      make('a');
      make('b');
      host.lost(new ClientError('SDK.FleetUnavailable', 'away'));
      store.available = false;
      make('c');
      flush();
      expect([went, errors.map((error) => (error as ClientError).code)]).toEqual([
        [],
        ['SDK.FleetUnavailable', 'SDK.FleetUnavailable', 'SDK.FleetUnavailable'],
      ]);
    });
  });

  it('is opened by what is known of all, unless it has been closed since that was asked', () => {
    play(({ host, gates, flush }) => {
      host.changed(id, stateWith({ epoch: 7, remaining: 100 }));
      expect(host.local).toHaveLength(1);
      host.changed(id, stateWith({ epoch: 8, remaining: 100 }));
      host.synchronised(new Map());
      expect(gates.idle).toBe(false);
      expect(host.local).toHaveLength(1);
      host.synchronised(new Map());
      expect(gates.idle).toBe(true);
      flush();
    });
  });
});
