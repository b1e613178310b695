/** Zone.js counts the timers of a zone, and frameworks wait for them: those that nobody has to wait for run outside. */
interface Zone {
  run<T>(work: () => T): T;
}
interface Realm {
  readonly Zone?: { readonly current: Zone; readonly root: Zone };
}

/** Runs `work` as if there were no zones. */
export function outsideZones<T>(work: () => T): T {
  const { Zone } = globalThis as Realm;
  return Zone === undefined ? work() : Zone.root.run(work);
}
