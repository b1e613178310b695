/** One page of what an operation lists. */
export interface Page<Request, Response, Item> {
  /** What is on it, as it came. A page may be empty, and yet not be the last. */
  readonly items: readonly Item[];
  /** The whole answer. */
  readonly response: Response;
  /** Its number: the server's where pages have numbers, else counted from 1 where this reading began. */
  readonly number: number;
  /** How many items there are in all, as this answer says; absent where it doesn't say. */
  readonly total: number | undefined;
  /** The request for the page after this one, to go on with later. Absent: this is the last. */
  readonly next: Request | undefined;
}

export type AnyPage = Page<unknown, unknown, unknown>;
