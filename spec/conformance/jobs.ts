/** Runs the products in child processes, so that the memory which an official package takes goes with its process. */
import { fork } from 'node:child_process';
import { from, lastValueFrom, mergeMap, Observable, tap, toArray } from 'rxjs';
import type { HostRow } from './hosts.js';
import type { Result } from './results.js';

/** What a child process is told. */
export interface Job {
  /** The product's name in the catalog. */
  readonly product: string;
  /** The official package, installed in `folder`. */
  readonly package: string;
  readonly folder: string;
  /** Only this one. */
  readonly operation?: string | undefined;
  readonly seed: string;
  /** How many requests with values at the edges. */
  readonly edges: number;
  /** In which its hosts are compared. */
  readonly regions: readonly string[];
}

/** What a child process tells. */
export type Message = Result | { readonly product: string; readonly hosts: readonly HostRow[] };

export function runAll(jobs: readonly Job[], atATime: number, seen: (message: Message) => void): Promise<Message[]> {
  return lastValueFrom(
    from(jobs).pipe(
      mergeMap((job) => run(job), atATime),
      tap(seen),
      toArray(),
    ),
  );
}

function run(job: Job): Observable<Message> {
  return new Observable<Message>((subscriber) => {
    // The file that this one is bundled beside.
    const child = fork(new URL('./worker.mjs', import.meta.url), [JSON.stringify(job)], { serialization: 'advanced' });
    child.on('message', (message) => subscriber.next(message as Message));
    child.on('error', (error) => subscriber.error(error));
    child.on('close', (code) => {
      if (code === 0) subscriber.complete();
      else subscriber.error(new Error(`The comparison of ${job.product} ended with the exit code ${code}`));
    });
    return () => child.kill();
  });
}
