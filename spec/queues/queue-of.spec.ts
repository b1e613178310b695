/** Queues of the user's making, which may do anything. */
import { config, NEVER, Subject, takeUntil } from 'rxjs';
import type { MakeQueue, TaskQueue } from '../../lib/queues/discipline.js';
import { fair, fifo, queueOf } from '../../lib/queues/index.js';
import { dispatched } from '../async/through.js';
import { answerAll, poolWith, type Named } from './through-pool.js';

/** First in, first out, and what stands in its place. */
const changed =
  (changes: (tasks: TaskQueue<Named>) => Partial<TaskQueue<Named>>): MakeQueue<Named> =>
  (wake) => {
    const tasks = fifo<Named>().make(wake);
    return {
      get size() {
        return tasks.size;
      },
      push: (task) => tasks.push(task),
      shift: () => tasks.shift(),
      remove: (task) => tasks.remove(task),
      ...changes(tasks),
    };
  };

const throwing = (): never => {
  throw new Error('broken');
};

describe('a queue that throws', () => {
  const reported: unknown[] = [];
  beforeEach(() => {
    config.onUnhandledError = (error) => reported.push(error);
  });
  afterEach(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    config.onUnhandledError = null;
    expect(reported.splice(0)).toContainEqual(new Error('broken'));
  });

  it('in release harms nobody', () => {
    const desk = poolWith(1, 5, queueOf(changed(() => ({ release: throwing }))));
    for (const name of ['a', 'b', 'c']) desk.call(name);
    answerAll(desk);
    expect(desk.told).toEqual(['a: response', 'b: response', 'c: response']);
    expect(desk.pool.isEmpty).toBe(true);
  });

  it('in shift starts nothing by that, and is asked again at the next chance', () => {
    let shifts = 0;
    const desk = poolWith(
      1,
      5,
      queueOf(changed((tasks) => ({ shift: () => (shifts++ === 1 ? throwing() : tasks.shift()) }))),
    );
    desk.call('a');
    desk.call('b');
    desk.answer('a');
    expect(desk.started).toEqual(['a']);
    desk.call('c');
    answerAll(desk);
    expect(desk.told).toEqual(['a: response', 'b: response', 'c: response']);
  });

  it('in remove lets the one that leaves go', () => {
    const remove = (tasks: TaskQueue<Named>): Partial<TaskQueue<Named>> => ({
      remove(task) {
        tasks.remove(task);
        return throwing();
      },
    });
    const desk = poolWith(1, 1, queueOf(changed(remove), { overflow: 'dropOldest' }));
    desk.call('a');
    desk.call('b').unsubscribe();
    expect(desk.pool.depth).toEqual({ running: 1, waiting: 0 });
    for (const name of ['c', 'd']) desk.call(name);
    answerAll(desk);
    expect(desk.told).toEqual(['c: SDK.AsyncQueueFull', 'a: response', 'd: response']);
  });
});

it('never starts one that is cancelled while it is asked for its key', () => {
  const stop$ = new Subject<void>();
  const desk = poolWith(
    1,
    5,
    fair<Named>(({ name }) => {
      if (name === 'b') stop$.next();
      return name;
    }),
  );
  desk.call('a');
  const start = jest.fn(() => NEVER);
  desk.pool
    .run(Object.assign(dispatched(), { name: 'b' }), start)
    .pipe(takeUntil(stop$))
    .subscribe();
  expect(desk.pool.depth).toEqual({ running: 1, waiting: 0 });
  desk.call('c');
  answerAll(desk);
  expect(start).not.toHaveBeenCalled();
  expect(desk.told).toEqual(['a: response', 'c: response']);
  expect(desk.pool.isEmpty).toBe(true);
});
