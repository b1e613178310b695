/** How many attempts there may be at a time to one origin: as many as it may have connections. The rest waits in order. */
import { AsyncResource } from 'node:async_hooks';
import { Observable, type Subscriber, type Unsubscribable } from 'rxjs';
import type { Admit } from '../connections.js';
import { WaitingLine } from './waiting-line.js';

export interface Admission {
  readonly admit: Admit;
  /** To be called when the bound has become another one. */
  readonly update: () => void;
}

export function admissionUpTo(bound: () => number): Admission {
  const doors = new Map<string, Door>();

  function doorOf(origin: string): Door {
    const known = doors.get(origin);
    if (known !== undefined) return known;
    const door = new Door(bound, () => doors.delete(origin));
    doors.set(origin, door);
    return door;
  }

  return {
    admit: (origin, start) =>
      new Observable((subscriber) => {
        if (subscriber.closed) return;
        const door = doorOf(origin);
        const entry = new Entry(door, () => subscribeTo(start, subscriber));
        subscriber.add(entry);
        door.enter(entry);
      }),
    update: () => {
      for (const door of doors.values()) door.update();
    },
  };
}

/** As `defer`, with a Subscriber that is there already. */
function subscribeTo<T>(start: () => Observable<T>, subscriber: Subscriber<T>): void {
  let source$: Observable<T>;
  try {
    source$ = start();
  } catch (error) {
    return subscriber.error(error);
  }
  source$.subscribe(subscriber);
}

class Entry implements Unsubscribable {
  isInside = false;

  constructor(
    private readonly door: Door,
    public begin: () => unknown,
  ) {}

  unsubscribe(): void {
    this.door.leave(this);
  }
}

class Door {
  private inside = 0;
  private readonly waiting = new WaitingLine<Entry>();

  constructor(
    private readonly bound: () => number,
    private readonly onEmpty: () => void,
  ) {}

  enter(entry: Entry): void {
    if (this.inside < this.bound() && this.waiting.size === 0) return this.admit(entry);
    // In the async context of who waits, and not of who makes room.
    entry.begin = AsyncResource.bind(entry.begin);
    this.waiting.join(entry);
  }

  leave(entry: Entry): void {
    if (entry.isInside) this.inside--;
    else this.waiting.leave(entry);
    this.update();
  }

  update(): void {
    // Not at once: whoever cancels many, one after another, has none begun that comes next.
    if (this.waiting.size > 0) void Promise.resolve().then(() => this.admitNext());
    else if (this.inside === 0) this.onEmpty();
  }

  private admitNext(): void {
    while (this.inside < this.bound()) {
      const entry = this.waiting.shift();
      if (entry === undefined) return;
      this.admit(entry);
    }
  }

  private admit(entry: Entry): void {
    entry.isInside = true;
    this.inside++;
    entry.begin();
  }
}
