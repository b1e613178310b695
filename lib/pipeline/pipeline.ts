/** One call's way, as a list of stages. Read this file first: each stage is the file of its name. */
import { loadDirect, loadGateway } from '#sending';
import { attemptEvents } from './attempt-events.js';
import { attemptInterceptors } from './attempt-interceptors.js';
import { attemptTimeout } from './attempt-timeout.js';
import { callEvents } from './call-events.js';
import { connection } from './connection.js';
import { deadline } from './deadline.js';
import { decode } from './decode.js';
import { interceptors } from './interceptors.js';
import { lazily } from '../platform/lazily.js';
import { queue } from './queue.js';
import { retry } from './retry.js';
import type { Runtime } from './runtime.js';
import { send } from './send.js';
import { onceLoaded, type Sending } from './sending.js';
import { compose, type Handler } from './stage.js';

/** The handler of a client's calls. */
export function pipelineOf(runtime: Runtime): Handler {
  const { settings, options } = runtime;

  // Directly, or through a gateway: some stages are those of the way.
  const sentBy = ({ uploads, encode, endpoint, credentials, throttle, sign }: Sending): Handler => {
    // What is sent on the way of a call, such as its uploads, enters here.
    const exchange: Handler = compose(
      [
        encode(runtime),
        endpoint(runtime, (call) => exchange(call)),
        retry(runtime), // from here on once an attempt
        credentials,
        throttle(runtime),
        connection(runtime),
        sign(runtime),
        attemptTimeout,
        attemptEvents(runtime),
        decode(runtime),
        ...attemptInterceptors(options),
      ],
      send(runtime),
    );
    return compose([uploads(runtime)], exchange);
  };

  const sending$ = lazily(settings.gateway === undefined ? loadDirect : loadGateway);
  return compose(
    [callEvents(runtime), deadline, ...interceptors(runtime), queue(runtime)],
    onceLoaded(sending$, sentBy),
  );
}
