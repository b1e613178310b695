/**
 * The ways to run many tasks ten at a time. `make(length)` gives `submit(task, done)`; a task is a number, and ends in a
 * microtask with that number; a negative one never ends. Each takes tasks in the form that is its own: Observables, promises or callbacks.
 */
export const concurrency = 10;

export const queues = {
  ours: {
    title: 'rx-alicloud, the pool',
    make: (length) => poolWith(length),
  },

  fair: {
    title: 'rx-alicloud, the pool, fair',
    async make(length) {
      const { fair } = await import('../../lib/queues/index.ts');
      return poolWith(
        length,
        fair(({ task }) => task % 100),
      );
    },
  },

  priority: {
    title: 'rx-alicloud, the pool, by priority',
    async make(length) {
      const { priority } = await import('../../lib/queues/index.ts');
      return poolWith(
        length,
        priority(({ task }) => task % 10),
      );
    },
  },

  operator: {
    title: 'rx-alicloud, boundedMergeMap',
    async make() {
      const { Observable, Subject } = await import('rxjs');
      const { boundedMergeMap } = await import('../../lib/async/bounded-merge-map.ts');
      const project = (task) => observableOf(Observable, task);
      return through(Subject, boundedMergeMap(project, { concurrent: concurrency, capacity: Infinity }));
    },
  },

  asyncQueue: {
    title: 'async.queue',
    async make() {
      const { queue } = await import('async');
      const waiting = queue((task, done) => task < 0 || queueMicrotask(() => done(null, task)), concurrency);
      return (task, done) => waiting.push(task, (_, result) => done(result));
    },
  },

  fastq: {
    title: 'fastq (promise)',
    async make() {
      const { default: fastq } = await import('fastq');
      const waiting = fastq.promise(resultOf, concurrency);
      return (task, done) => waiting.push(task).then(done);
    },
  },

  pLimit: {
    title: 'p-limit',
    async make() {
      const { default: pLimit } = await import('p-limit');
      const limit = pLimit(concurrency);
      return (task, done) => limit(() => resultOf(task)).then(done);
    },
  },

  pQueue: {
    title: 'p-queue',
    async make() {
      const { default: PQueue } = await import('p-queue');
      const waiting = new PQueue({ concurrency });
      return (task, done) => waiting.add(() => resultOf(task)).then(done);
    },
  },

  mergeMap: {
    title: 'Subject + RxJS mergeMap',
    /** Its buffer is an array that is moved as a whole for each task that leaves it: a million don't finish. */
    most: 100_000,
    async make() {
      const { mergeMap, Observable, Subject } = await import('rxjs');
      return through(
        Subject,
        mergeMap((task) => observableOf(Observable, task), concurrency),
      );
    },
  },
};

async function poolWith(length, queue) {
  const { Observable } = await import('rxjs');
  const { Pool } = await import('../../lib/async/pool.ts');
  const pool = new Pool(concurrency, length, undefined, queue?.open);
  // One for all, as a client has.
  const start = ({ task }) => observableOf(Observable, task);
  return (task, done) => pool.run(new CallInBench(task), start).subscribe(done);
}

/** What a pool needs of a call. */
export class CallInBench {
  slot = undefined;

  constructor(task) {
    this.task = task;
  }

  inScope(work) {
    work();
  }

  isFinal() {
    return true;
  }

  describeError(error) {
    return error;
  }
}

async function resultOf(task) {
  return task < 0 ? new Promise(() => undefined) : task;
}

function observableOf(Observable, task) {
  return new Observable((subscriber) => {
    if (task < 0) return;
    queueMicrotask(() => {
      subscriber.next(task);
      subscriber.complete();
    });
  });
}

/** An operator has one output for all tasks, listened to from the first on. */
function through(Subject, operator) {
  const tasks = new Subject();
  let listening = false;
  return (task, done) => {
    if (!listening) tasks.pipe(operator).subscribe(done);
    listening = true;
    tasks.next(task);
  };
}
