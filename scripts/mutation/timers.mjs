/** Keeps count of the timers that are set, so that those that a mutant leaves behind can be taken away with it. */
export function trackTimers() {
  const pending = new Map();
  const originals = {};
  const tracked = {};
  for (const [set, clear] of [
    ['setTimeout', 'clearTimeout'],
    ['setInterval', 'clearInterval'],
    ['setImmediate', 'clearImmediate'],
  ]) {
    originals[set] = globalThis[set];
    tracked[set] = (act, ...args) => {
      const timer = originals[set](
        (...given) => {
          if (set !== 'setInterval') pending.delete(timer);
          act(...given);
        },
        ...args,
      );
      pending.set(timer, globalThis[clear]);
      return timer;
    };
  }
  Object.assign(globalThis, tracked);
  return {
    clear() {
      for (const [timer, clear] of pending) clear(timer);
      pending.clear();
      // A test that failed may have left those in place that stand still.
      Object.assign(globalThis, tracked);
    },
  };
}
