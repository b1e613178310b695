import { Observable, timer } from 'rxjs';
import { ClientError } from '../errors.js';
import type { FullResponse } from '../http-event.js';
import { checkOption, ofType } from '../schema/options.js';
import { checkQueueOptions, queueRules, type CallQueueOptions } from './bullmq-dispatcher.js';
import { FleetQueue, type Found } from './fleet-queue.js';
import { queueDefaults } from './job.js';
import { parsed, readFailed, readResult, type Outcome } from './read-outcome.js';

/** How often it is looked, should its end not be heard of, in milliseconds. */
const lookEvery = 5000;

/**
 * What a call ends in that another process has made through a `bullmqDispatcher`: cold; each subscription has connections of its
 * own, which it closes. `jobId` is what the event `queued` of the call has told. It waits for the end of a call that is under way;
 * unsubscribing leaves the call alone. It errors with what the call has ended in, and with `SDK.OutcomeUnknown` where the queue
 * does not know of it: it was never there, or was too long ago (`keepResultFor`).
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function callResult(options: CallQueueOptions, jobId: string): Observable<FullResponse<unknown>> {
  checkQueueOptions(options, queueRules, 'callResult');
  checkOption('jobId', jobId, ofType('string'));
  const { connection, queueName = queueDefaults.queueName, prefix = queueDefaults.prefix } = options;
  return new Observable((subscriber) => {
    const end = (outcome: Outcome): void => {
      if ('error' in outcome) return subscriber.error(outcome.error);
      subscriber.next(outcome.response);
      subscriber.complete();
    };
    const learn = (found: Found | undefined): void => {
      const outcome = outcomeOf(found);
      if (outcome !== undefined) end(outcome);
    };
    const look = (): void => {
      queue.look([jobId]).then(
        ({ found: [found] }) => learn(found),
        // With the next connection, or the next turn, it is looked again.
        () => undefined,
      );
    };
    const lookAt = (event: { readonly jobId: string }): void => {
      if (event.jobId === jobId) look();
    };
    const events = { completed: lookAt, failed: lookAt, removed: lookAt };
    const queue = new FleetQueue({ connection, queueName, prefix, keepResultFor: 0 }, { events, connected: look });
    subscriber.add(timer(0, lookEvery).subscribe(look));
    subscriber.add(() => queue.close().subscribe());
  });
}

/** Of a call that has ended. */
function outcomeOf(found: Found | undefined): Outcome | undefined {
  switch (found?.state) {
    case 'completed':
      return readResult(parsed(found.returnvalue));
    case 'failed':
      return { error: readFailed(found.data, found.reason) };
    case 'waiting':
    case 'active':
      return undefined;
    default:
      return { error: unknown() };
  }
}

function unknown(): ClientError {
  return new ClientError('SDK.OutcomeUnknown', 'The queue knows of no such call: it was never there, or too long ago');
}
