/** What can be waited for: data about an operation that tells the states of resources. */
import type { Operation } from '../service.js';

/** A kind of resource, and how to ask for the states of some. */
export interface Resource<Request, Response, Item> {
  /** Tells their states. */
  readonly operation: Operation<Request, Response>;
  /** How many ids a request may have: an integer >= 1. @default 1 */
  readonly maxIds?: number;
  readonly request: (ids: readonly string[]) => Request;
  /** What an answer has on them. */
  readonly items: (response: Response) => readonly Item[] | undefined;
  readonly idOf: (item: Item) => string | undefined;
  readonly stateOf: (item: Item) => string | undefined;
}

/** What is waited for. */
export interface Until {
  /** The states that all resources are to be in. @default none */
  readonly states?: readonly string[];
  /** Whether a resource that is not there is what is waited for. @default false */
  readonly gone?: boolean;
  /** The states from which there is no way to those. @default none */
  readonly fails?: readonly string[];
}

/** Waits for resources of a kind to be in a state. */
export interface Waiter<Request, Response, Item> extends Until {
  /** As errors call it, such as `instanceRunning`. */
  readonly name: string;
  readonly resource: Resource<Request, Response, Item>;
}

/** A kind of resource of your own; {@link defineWaiter} makes waiters of it. */
export function defineResource<Request, Response, Item>(
  resource: Resource<Request, Response, Item>,
): Resource<Request, Response, Item> {
  return resource;
}

/**
 * A waiter of your own.
 *
 * @example
 * import { listAsynJobs } from 'rx-alicloud/alb';
 * import { defineResource, defineWaiter, waitFor } from 'rx-alicloud/operators';
 *
 * const job = defineResource({
 *   operation: listAsynJobs,
 *   request: (ids) => ({ JobIds: [...ids] }),
 *   items: ({ Jobs }) => Jobs,
 *   idOf: ({ Id }) => Id,
 *   stateOf: ({ Status }) => Status,
 * });
 * const jobSucceeded = defineWaiter('jobSucceeded', job, { states: ['Succeeded'], fails: ['Failed'] });
 * waitFor(client, jobSucceeded, 'job-1').subscribe();
 */
export function defineWaiter<Request, Response, Item>(
  name: string,
  resource: Resource<Request, Response, Item>,
  until: Until,
): Waiter<Request, Response, Item> {
  return { name, resource, ...until };
}
