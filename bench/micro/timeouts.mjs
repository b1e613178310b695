/** `npm run bench:micro -- timeouts`: the limit of one answer: begun, begun anew with its head and with a piece, and ended, while 50 others are watched. */
import { asyncScheduler, NEVER, timeout } from 'rxjs';
import { Timeouts, Watched, stopWatching } from '../../lib/platform/timeouts.ts';
import { compare } from './compare.mjs';

class Answer extends Watched {
  onTimeout() {}
}

const timeouts = new Timeouts({
  now: () => performance.now(),
  set(work, after) {
    const timer = setTimeout(work, after).unref();
    return () => clearTimeout(timer);
  },
  afterReading: setImmediate,
});
const limit = 10_000;
for (let i = 0; i < 50; i++) {
  timeouts.start(new Answer(), limit);
  setTimeout(() => undefined, limit).unref();
}

compare({
  'one timer for all'() {
    const answer = new Answer();
    for (let i = 0; i < 3; i++) timeouts.start(answer, limit);
    stopWatching(answer);
    return true;
  },
  'a timer each, refreshed'() {
    const timer = setTimeout(() => undefined, limit);
    for (let i = 0; i < 2; i++) timer.refresh();
    clearTimeout(timer);
    return true;
  },
  'a timer each, of RxJS, set once'() {
    asyncScheduler.schedule(() => undefined, limit).unsubscribe();
    return true;
  },
  'the operator `timeout`, which sets it'() {
    NEVER.pipe(timeout({ first: limit }))
      .subscribe()
      .unsubscribe();
    return true;
  },
});
