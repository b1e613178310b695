/** A producer as a process of its own: subscribes to so many calls at once, and tells what becomes of them. */
import { bullmqDispatcher } from '../../lib/bullmq/index.js';
import { isAlicloudError } from '../../lib/errors.js';
import { EcsClient } from '../../lib/services/ecs.js';

export interface ProducerArguments {
  readonly path: string;
  readonly queueName: string;
  readonly calls: number;
  readonly poolSize: number;
  readonly maxTaskQueueSize: number;
  /** Begins when it is told to. */
  readonly onSignal?: boolean;
}

const { path, queueName, calls, poolSize, maxTaskQueueSize, onSignal } = JSON.parse(
  String(process.argv[2]),
) as ProducerArguments;

const client = new EcsClient({
  regionId: 'cn-hangzhou',
  enableAsync: true,
  poolSize,
  maxTaskQueueSize,
  dispatcher: bullmqDispatcher({ connection: { path }, queueName }),
});

client.events$.subscribe((event) => {
  if (event.type === 'queued') process.send?.({ jobId: event.jobId });
  if (event.type === 'started') process.send?.({ started: event.call.id });
});

let ended = 0;
function begin(): void {
  for (let i = 0; i < calls; i++) {
    client
      .describeInstances({ PageSize: i })
      .subscribe({
        next: (response) => process.send?.({ response }),
        error: (error: unknown) => process.send?.({ error: isAlicloudError(error) ? error.code : String(error) }),
      })
      .add(() => {
        // With its last call it has nothing to do any more, and ends by itself.
        if (++ended === calls) client.shutdown();
      });
  }
}

if (onSignal === true) {
  process.once('message', begin);
  process.send?.({ ready: true });
} else begin();
