import type { Counter, Histogram, Meter, MeterProvider, UpDownCounter } from '@opentelemetry/api';
import { version } from '../version.js';

export interface Instruments {
  /** How long calls take, in seconds, waits and all attempts included. */
  readonly duration: Histogram;
  /** How often requests were sent. */
  readonly attempts: Counter;
  /** How many calls are in flight, those that wait for a slot included. */
  readonly active: UpDownCounter;
}

/** What the calls are counted with: made once, and not before the first call, as the application may set up its metrics late. */
export function instrumentsOf(provider: () => MeterProvider): () => Instruments {
  let made: Instruments | undefined;
  return () => (made ??= instrumentsIn(provider().getMeter('rx-alicloud', version)));
}

function instrumentsIn(meter: Meter): Instruments {
  return {
    duration: meter.createHistogram('rpc.client.call.duration', {
      description: 'How long calls take, waits and all attempts included',
      unit: 's',
      // Those that the conventions advise.
      advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
    }),
    attempts: meter.createCounter('aliyun.client.attempts', {
      description: 'How often requests were sent',
      unit: '{attempt}',
    }),
    active: meter.createUpDownCounter('aliyun.client.active_calls', {
      description: 'How many calls are in flight',
      unit: '{call}',
    }),
  };
}
