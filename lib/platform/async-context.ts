/** Where `AsyncLocalStorage` looks for its store: what was subscribed to in one context is told in that one. */
export interface AsyncContext {
  run(work: () => void): void;
}
