/** The picture on the site's first page: what the client tells of its calls, as marbles on lanes. */
import { map, type Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { CallEvent } from '../../lib/events/events.js';
import { createDemo, type Demo, type Sizes } from '../../site/live/demo.js';
import { frames } from '../../site/live/frames.js';
import { afterEvent, noLanes, pictureTime, type Lanes, type Marble } from '../../site/live/lanes.js';
import { pictureOf, radius, type Lane, type Picture } from '../../site/live/picture.js';

describe('the lanes', () => {
  const ids = (marbles: readonly Marble[]): number[] => marbles.map(({ id }) => id);
  const slots = ({ running }: Lanes): (number | undefined)[][] => running.map(({ id, slot }) => [id, slot]);

  /** Plays with the demo in virtual time. `at` is given what to do, by the millisecond. */
  function play(
    sizes: Sizes,
    latency: number,
    at: Readonly<Record<number, (demo: Demo, latest: () => Lanes) => void>>,
  ): Lanes {
    let latest = noLanes;
    new TestScheduler(() => undefined).run(({ cold, flush }) => {
      const demo = createDemo(sizes, () => latency);
      const subscriptions: Subscription[] = [demo.lanes$.subscribe((lanes) => (latest = lanes))];
      for (const [time, act] of Object.entries(at)) {
        subscriptions.push(cold(`${time}ms (a|)`).subscribe(() => act(demo, () => latest)));
      }
      flush();
      for (const subscription of subscriptions) subscription.unsubscribe();
      demo.destroy();
    });
    return latest;
  }

  it('fill the slots and the queue, in order, and refuse the rest', () => {
    const told: string[] = [];
    play({ poolSize: 2, maxTaskQueueSize: 3 }, 100, {
      0: (demo) => demo.call(7, (what) => told.push(what)),
      50(_, latest) {
        const lanes = latest();
        expect(slots(lanes)).toEqual([
          [1, 0],
          [2, 1],
        ]);
        expect(ids(lanes.waiting)).toEqual([3, 4, 5]);
        expect(lanes.ended.map(({ id, outcome }) => [id, outcome])).toEqual([
          [6, 'refused'],
          [7, 'refused'],
        ]);
        expect(told).toEqual(['#6 SDK.AsyncQueueFull', '#7 SDK.AsyncQueueFull']);
      },
    });
    expect(told.slice(2)).toEqual(
      [1, 2, 3, 4, 5].map((id) => expect.stringMatching(`^#${id} [1-9]\\d* regions$`) as string),
    );
  });

  it('hand a slot on to the next in line', () => {
    const lanes = play({ poolSize: 2, maxTaskQueueSize: 3 }, 100, {
      0: (demo) => demo.call(5, () => undefined),
      150(_, latest) {
        expect(slots(latest())).toEqual([
          [3, 0],
          [4, 1],
        ]);
      },
    });
    expect(ids(lanes.ended)).toEqual([1, 2, 3, 4, 5]);
    expect(lanes.counts).toEqual({ answered: 5, failed: 0, refused: 0, cancelled: 0 });
  });

  it('lose the call that is cancelled, and no other', () => {
    const lanes = play({ poolSize: 1, maxTaskQueueSize: 3 }, 100, {
      0: (demo) => demo.call(4, () => undefined),
      50(demo, latest) {
        demo.cancel(3);
        expect(ids(latest().waiting)).toEqual([2, 4]);
        demo.cancel(1);
      },
      60: (_, latest) => expect(slots(latest())).toEqual([[2, 0]]),
    });
    expect(lanes.ended.map(({ id, outcome }) => [id, outcome])).toEqual([
      [3, 'cancelled'],
      [1, 'cancelled'],
      [2, 'answered'],
      [4, 'answered'],
    ]);
  });

  it('finish what is in the pool when it is shut down, and go on in another', () => {
    let left = true;
    const lanes = play({ poolSize: 1, maxTaskQueueSize: 3 }, 100, {
      0: (demo) => demo.call(2, () => undefined),
      50: (demo) => demo.shutdown().subscribe({ complete: () => (left = false) }),
      60(demo) {
        expect(left).toBe(true);
        demo.resize({ poolSize: 2, maxTaskQueueSize: 0 });
        demo.call(3, () => undefined);
      },
      120: (_, latest) => expect(slots(latest()).map(([id]) => id)).toEqual([3, 4, 2]),
    });
    expect(left).toBe(false);
    expect(lanes.counts).toEqual({ answered: 4, failed: 0, refused: 1, cancelled: 0 });
  });

  it('stand still while nothing is under way', () => {
    const call = { product: 'Ecs', version: '2014-05-26', action: 'DescribeRegions' };
    const event = (type: CallEvent['type'], id: number, time: number): CallEvent =>
      ({ type, time, call: { ...call, id } }) as CallEvent;
    const after = (...events: CallEvent[]): Lanes => events.reduce(afterEvent, noLanes);
    const first = [event('started', 1, 1000), event('finished', 1, 1300)];

    expect(pictureTime(noLanes, 5000)).toBe(0);
    expect(pictureTime(after(...first.slice(0, 1)), 1200)).toBe(200);
    expect(pictureTime(after(...first), 9000)).toBe(300);
    const again = after(...first, event('started', 2, 9000));
    expect(again.running).toEqual([{ id: 2, slot: 0, started: 300 }]);
    expect(pictureTime(again, 9100)).toBe(400);
  });
});

describe('the frames', () => {
  it.each([
    ['with each frame of the screen', false, '32ms f 15ms f'],
    ['once a second, without motion', true, '1020ms f 999ms f'],
  ])('are drawn while something is under way: %s', (_, isReduced, drawn) => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
      ({ animate, cold, expectObservable }) => {
        animate('16ms x 15ms x 15ms x 2s x 999ms x');
        const lanes$ = cold('i 19ms a 2009ms i', { i: noLanes, a: { ...noLanes, idleSince: undefined } });
        expectObservable(frames(lanes$, cold('r', { r: isReduced })).pipe(map(() => 'f'))).toBe(drawn);
      },
    );
  });
});

describe('the picture', () => {
  const frame = { width: 400, poolSize: 2, maxTaskQueueSize: 3, now: 1000 };
  const lanes: Lanes = { ...noLanes, idleSince: undefined };

  function laneOf(picture: Picture, name: string): Lane {
    const lane = picture.lanes.find((each) => each.name === name);
    if (lane === undefined) throw new Error(`There is no lane ${name}`);
    return lane;
  }

  it('has a lane for what waits, one a slot, and one an outcome', () => {
    const names = ({ lanes: all }: Picture): string[] => all.map(({ name }) => name);
    expect(names(pictureOf(lanes, frame))).toEqual(['waiting', 'slot 1', 'slot 2', 'answered', 'refused', 'cancelled']);
    const failed = { ...lanes, counts: { ...lanes.counts, failed: 1 } };
    expect(names(pictureOf(failed, frame))).toContain('failed');
    const draining = { ...lanes, running: [{ id: 1, slot: 3, started: 0 }] };
    expect(names(pictureOf(draining, frame))).toContain('slot 4');
  });

  it('grows what runs until now, and leaves behind what has ended', () => {
    const running = { ...lanes, running: [{ id: 1, slot: 0, started: 500 }] };
    const before = pictureOf(running, frame);
    const after = pictureOf(running, { ...frame, now: 1500 });
    const [bar] = laneOf(before, 'slot 1').bars;
    const [later] = laneOf(after, 'slot 1').bars;
    expect((bar?.x ?? 0) + (bar?.width ?? 0)).toBeCloseTo(before.now);
    expect(later?.width).toBeCloseTo(2 * (bar?.width ?? 0));

    const ended: Lanes = { ...lanes, ended: [{ id: 1, slot: 0, started: 500, ended: 800, outcome: 'answered' }] };
    const [kept] = laneOf(pictureOf(ended, frame), 'slot 1').bars;
    expect((kept?.x ?? 0) + (kept?.width ?? 0)).toBeLessThan(before.now);
    expect(laneOf(pictureOf(ended, { ...frame, now: 60_000 }), 'slot 1').bars).toEqual([]);
  });

  it('places side by side what came at the same time, and drops what does not fit', () => {
    const ended = Array.from({ length: 30 }, (_, id) => ({ id, ended: 1000, outcome: 'refused' }) as const);
    const picture = pictureOf({ ...lanes, ended }, frame);
    const { marbles } = laneOf(picture, 'refused');
    expect(marbles.at(-1)).toEqual({ id: 29, x: picture.now - radius });
    for (const [index, { x }] of marbles.slice(1).entries()) {
      expect(x - (marbles[index]?.x ?? 0)).toBeGreaterThanOrEqual(2 * radius);
    }
    expect(marbles[0]?.x).toBeGreaterThanOrEqual(picture.left + radius);
    expect(marbles.length).toBeLessThan(30);
  });

  it('keeps a long queue within a narrow picture', () => {
    const waiting = Array.from({ length: 12 }, (_, id) => ({ id }));
    const picture = pictureOf({ ...lanes, waiting }, { ...frame, width: 300, maxTaskQueueSize: 12 });
    const { marbles, places } = laneOf(picture, 'waiting');
    expect(marbles[0]?.x).toBe(picture.now - radius);
    expect(marbles.at(-1)?.x).toBeGreaterThanOrEqual(picture.left);
    expect(places).toEqual(marbles.map(({ x }) => x));
  });
});
