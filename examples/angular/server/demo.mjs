// What the page shows of the server's side: counts, and the switches that make trouble. No app needs this.
import { BehaviorSubject } from 'rxjs';

/** Calls that change an instance: what the switch `break` strikes. */
const writes = new Set(['StartInstance', 'StopInstance']);

/** How often the cloud refuses a launch while it throttles, in milliseconds. */
const throttlePeriod = 700;

export function createDemo({ emulator, reset, throttleLaunch }) {
  const initial = {
    aborted: 0,
    received: 0,
    replayed: 0,
    throttled: 0,
    executed: 0,
    breaking: false,
    throttling: false,
    lastWrite: null,
  };
  const state$ = new BehaviorSubject(initial);
  const update = (changes) => state$.next({ ...state$.value, ...changes, executed: emulator.executions.length });
  /** The write that is counted, by its attempt's id. */
  let write;
  let throttling;
  /** Takes back the throttle that has not struck yet. */
  let takeBack = () => undefined;

  function countWrite(changes) {
    write = { ...write, ...changes };
    const { action, received, replayed, broken, executedBefore } = write;
    const executed = (emulator.requests.get(action) ?? 0) - executedBefore;
    update({ lastWrite: { action, received, executed, replayed, broken } });
  }

  function throttle(on) {
    clearInterval(throttling);
    takeBack();
    if (on) {
      const strike = () => {
        takeBack();
        takeBack = throttleLaunch(throttlePeriod);
      };
      strike();
      throttling = setInterval(strike, throttlePeriod);
      throttling.unref();
    }
    update({ throttling: on });
  }

  return {
    state$,
    /** A call has arrived at the gateway. */
    arrived(action, attemptId) {
      update({ received: state$.value.received + 1 });
      if (!writes.has(action)) return;
      if (write?.attemptId !== attemptId) {
        const executedBefore = emulator.requests.get(action) ?? 0;
        write = { action, attemptId, received: 0, replayed: 0, broken: 0, executedBefore };
      }
      countWrite({ received: write.received + 1 });
    },
    /** The gateway has its answer. Returns whether the connection is to be broken before the browser gets it. */
    answered(action, attemptId, isReplayed) {
      if (isReplayed) update({ replayed: state$.value.replayed + 1 });
      if (!writes.has(action) || write?.attemptId !== attemptId) return false;
      const breaks = state$.value.breaking && write.broken === 0;
      countWrite({ replayed: write.replayed + (isReplayed ? 1 : 0), broken: write.broken + (breaks ? 1 : 0) });
      return breaks;
    },
    /** The browser has closed the connection of a call that was not answered. */
    aborted() {
      update({ aborted: state$.value.aborted + 1 });
    },
    /** Calls that the gateway's client holds back. */
    throttled(count) {
      if (count !== state$.value.throttled) update({ throttled: count });
    },
    turn: {
      break: (on) => update({ breaking: on }),
      throttle,
    },
    /** Answers what is below `/demo/`: the state as a stream, the switches, and the reset. */
    async answer(request, response, path) {
      if (request.method === 'GET' && path === 'state') return sendStates(state$, response);
      const turn = this.turn[path];
      if (request.headers['sec-fetch-site'] === 'cross-site' || (turn === undefined && path !== 'reset')) {
        return end(response, 404);
      }
      const body = await readJson(request);
      if (turn === undefined) this.reset();
      else turn(body.on === true);
      end(response, 204);
    },
    close() {
      throttle(false);
      state$.complete();
    },
    reset() {
      throttle(false);
      write = undefined;
      reset();
      update(initial);
    },
  };
}

function sendStates(state$, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const subscription = state$.subscribe({
    next: (state) => response.write(`data: ${JSON.stringify(state)}\n\n`),
    complete: () => response.end(),
  });
  response.once('close', () => subscription.unsubscribe());
}

async function readJson(request) {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += piece;
  return JSON.parse(text === '' ? '{}' : text);
}

function end(response, status) {
  response.writeHead(status, { 'cache-control': 'no-store' });
  response.end();
}
