import { config, Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { Events } from '../../lib/events/emitter.js';
import type { CallEvent } from '../../lib/events/events.js';
import { eventOf } from './support.js';

const queued = eventOf('queued', {});
const started = eventOf('started', { queued: 3 });

describe('the events of a client', () => {
  it('come to those who are subscribed, from then on', () => {
    const events = new Events();
    const seen: CallEvent[] = [];
    events.emit(queued);
    const subscription = events.events$.subscribe((event) => seen.push(event));
    events.emit(started);
    subscription.unsubscribe();
    events.emit(queued);
    expect(seen).toEqual([started]);
  });

  it('are observed while somebody is subscribed', () => {
    const events = new Events();
    expect(events.observed).toBe(false);
    const [first, second] = [events.events$.subscribe(), events.events$.subscribe()];
    first.unsubscribe();
    expect(events.observed).toBe(true);
    second.unsubscribe();
    expect(events.observed).toBe(false);
  });

  it('can be emitted by nobody else', () => {
    expect(new Events().events$).not.toHaveProperty('next');
  });

  describe('with a subscriber that throws', () => {
    const reported: unknown[] = [];
    beforeEach(() => {
      reported.length = 0;
      config.onUnhandledError = (error) => reported.push(error);
    });
    afterEach(() => (config.onUnhandledError = null));

    it('go on, and RxJS reports its error', () => {
      new TestScheduler(() => undefined).run(({ flush }) => {
        const events = new Events();
        const seen: CallEvent[] = [];
        const broken = new Error('broken');
        events.events$.subscribe(() => {
          throw broken;
        });
        events.events$.subscribe((event) => seen.push(event));
        events.emit(queued);
        events.emit(started);
        flush();
        expect(seen).toEqual([queued, started]);
        expect(reported).toEqual([broken, broken]);
      });
    });

    it('go on, and its error is reported, where it is a Subscriber that RxJS takes as it is', () => {
      new TestScheduler(() => undefined).run(({ flush }) => {
        const events = new Events();
        const seen: CallEvent[] = [];
        const broken = new Error('broken');
        const fail = (): never => {
          throw broken;
        };
        events.events$.subscribe(Object.assign(new Subscription(), { next: fail, error: fail, complete: fail }));
        events.events$.subscribe((event) => seen.push(event));
        expect(() => events.emit(queued)).not.toThrow();
        events.emit(started);
        flush();
        expect(seen).toEqual([queued, started]);
        expect(reported).toEqual([broken, broken]);
      });
    });
  });
});
