/** For frameworks that ask Zone.js whether a page is rendered. */
interface Zone {
  readonly root: {
    run<T>(work: () => T): T;
  };
  readonly current: {
    scheduleMacroTask(
      source: string,
      callback: () => void,
      data: undefined,
      schedule: () => void,
      cancel: () => void,
    ): { invoke(): void };
  };
}

/**
 * Does `work`, and all that it leaves behind, outside of zones: sockets and timers of idle connections keep no page from
 * being rendered. For as long as it lasts, the caller's zone has one task, so that it is waited for.
 */
export function asZoneTask<T>(work: () => Promise<T>): Promise<T> {
  const { Zone } = globalThis as { readonly Zone?: Zone };
  if (Zone === undefined) return work();
  return new Promise((resolve, reject) => {
    let settle = (): void => undefined;
    const task = Zone.current.scheduleMacroTask('rx-alicloud.request', () => settle(), undefined, nothing, nothing);
    const end = (how: () => void): void => {
      settle = how;
      task.invoke();
    };
    Zone.root.run(work).then(
      (value) => end(() => resolve(value)),
      (error: Error) => end(() => reject(error)),
    );
  });
}

function nothing(): void {
  // It is begun and ended by what it stands for.
}
