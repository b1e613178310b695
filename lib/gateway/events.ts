/** What a gateway tells of its requests. Nothing of it is secret, as long as the ids of sessions are none. */

/** A request that has come to its end. */
export interface GatewayEvent {
  /** In milliseconds since 1970: when the request came. */
  readonly at: number;
  /** From its coming to the end of its answer, in milliseconds. */
  readonly duration: number;
  /**
   * `answered`: with the service's answer. `failed`: the service refused it, or can't be reached. `refused`: by the gateway;
   * nothing was sent. `cancelled`: its caller went.
   */
  readonly outcome: 'answered' | 'failed' | 'refused' | 'cancelled';
  /** Of the answer; absent where the caller went before there was one. */
  readonly status?: number | undefined;
  /** Of the error, the service's or one that begins with `Gateway.`. */
  readonly code?: string | undefined;
  /** Such as `Ecs/2014-05-26/DescribeInstances`; absent where the gateway has no such operation. */
  readonly operation?: string | undefined;
  readonly regionId?: string | undefined;
  /** As `authorize` gave it. */
  readonly sessionId?: string | undefined;
  readonly attemptId?: string | undefined;
  /** Of the service. */
  readonly requestId?: string | undefined;
  /** Whether it got an answer that was remembered, or waited for that to an attempt under way. */
  readonly replayed: boolean;
  /** As the adapter tells it. */
  readonly remoteAddress?: string | undefined;
}

/** Told of each request that has come to its end. */
export type GatewayLogger = (event: GatewayEvent) => void;
