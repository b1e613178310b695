/** A ledger of what was executed, for whoever has to know that nothing was done twice. */

/** A call that was let in and handed to its operation, whether or not the operation then refused it. */
export interface Execution {
  /** Such as `RunInstances`. */
  readonly action: string;
  /** The `x-marker` header of its request, by which a caller tells its calls apart. */
  readonly marker: string | undefined;
  /** The request's client token, whatever the operation calls it. */
  readonly clientToken: string | undefined;
  /** Whose call it was; absent for anonymous calls and bearer tokens. */
  readonly accessKeyId: string | undefined;
  readonly requestId: string;
  /** The emulator's time, in ms. */
  readonly time: number;
}

export interface Ledger {
  /** In the order in which they were executed. */
  readonly executions: readonly Execution[];
  /** How many there were, by action. */
  readonly counts: ReadonlyMap<string, number>;
  add(execution: Execution): void;
  clear(): void;
}

/** How many executions are kept at least: a long run must not grow for ever. */
const limit = 100_000;

export function createLedger(): Ledger {
  const executions: Execution[] = [];
  const counts = new Map<string, number>();
  return {
    executions,
    counts,
    add(execution) {
      // In large steps, as each moves all that stays.
      if (executions.length >= 2 * limit) executions.splice(0, limit);
      executions.push(execution);
      counts.set(execution.action, (counts.get(execution.action) ?? 0) + 1);
    },
    clear() {
      executions.length = 0;
      counts.clear();
    },
  };
}
