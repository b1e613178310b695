/** What the parts of the benchmark give. Each part is there if it was run. */
export interface Results {
  readonly machine: Machine;
  readonly http?: readonly HttpRow[];
  readonly pool?: readonly PoolRow[];
  readonly waiting?: readonly WaitingRow[];
  readonly imports?: readonly ImportRow[];
  readonly starts?: readonly StartRow[];
  readonly bundles?: readonly BundleRow[];
  readonly memory?: MemoryRun;
}

export interface Machine {
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly server?: string;
  readonly quick: boolean;
}

export interface HttpRow {
  /** Protocol and size of the answer: `http-small`. */
  readonly scenario: string;
  readonly concurrency: number;
  readonly client: string;
  /** Calls a second: the median, and each round's. */
  readonly rate: number;
  readonly rates: readonly number[];
  /** User and system time of the client's process for a call, in µs. */
  readonly cpu: number;
  readonly cpus: readonly number[];
  /** The most that the client's process has had so far, in bytes. */
  readonly rss: number;
  readonly heap: number;
  /** How many connections the server accepted from it, at this concurrency, warming up included. */
  readonly connections: number;
  /** The part of a core that the server used meanwhile, where it tells. */
  readonly serverBusy?: number;
}

export interface PoolRow {
  readonly queue: string;
  /** How many tasks were submitted at once. */
  readonly length: number;
  /** Tasks a second. */
  readonly rate: number;
  readonly rates: readonly number[];
  /** What a task took, in µs, and how much of it went into collecting garbage. */
  readonly microseconds: number;
  readonly collecting: number;
  readonly rss: number;
}

export interface WaitingRow {
  /** A queue, or `call`: a whole call of a client. */
  readonly queue: string;
  readonly bytes: number;
}

export interface ImportRow {
  readonly name: string;
  readonly milliseconds: number;
  readonly rounds: readonly number[];
  readonly rss: number;
  readonly heap: number;
}

/** From the import in a fresh process to the first answer. */
export interface StartRow {
  readonly name: string;
  readonly milliseconds: number;
  readonly rounds: readonly number[];
  /** User and system time, in ms. */
  readonly cpu: number;
  /** What it added to the memory of the process, in bytes. */
  readonly rss: number;
  readonly rssRounds: readonly number[];
}

export interface BundleRow {
  readonly name: string;
  readonly minified: number;
  readonly gzipped: number;
}

export interface MemoryRun {
  readonly pool: MemorySeries;
  readonly http: HttpMemorySeries;
}

export interface MemorySeries {
  /** How many tasks or calls there were. */
  readonly total: number;
  readonly seconds: number;
  readonly samples: readonly MemorySample[];
}

export interface HttpMemorySeries extends MemorySeries {
  readonly samples: readonly HttpMemorySample[];
  readonly poolSize: number;
  /** Connections that the server accepted, and those open after the shutdown. */
  readonly accepted: number;
  readonly left: number;
}

export interface MemorySample {
  readonly done: number;
  /** The heap after a collection, in bytes. */
  readonly heap: number;
  readonly rss: number;
}

export interface HttpMemorySample extends MemorySample {
  /** Open ones, the idle among them, as the server sees them. */
  readonly sockets: number;
}
