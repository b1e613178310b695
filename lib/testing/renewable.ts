/** Something that can be made anew, while others hold on to it. */
export interface Renewable<T> {
  readonly current: T;
  renew(): void;
}

export function renewable<T>(make: () => T): Renewable<T> {
  let current = make();
  return {
    get current() {
      return current;
    },
    renew() {
      current = make();
    },
  };
}
