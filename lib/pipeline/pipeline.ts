/** One call's way, as a list of stages. Read this file first: each stage is the file of its name. */
import { attemptEvents } from './attempt-events.js';
import { attemptInterceptors } from './attempt-interceptors.js';
import { attemptTimeout } from './attempt-timeout.js';
import { callEvents } from './call-events.js';
import { connection } from './connection.js';
import { credentials } from './credentials.js';
import { deadline } from './deadline.js';
import { decode } from './decode.js';
import { encode } from './encode.js';
import { endpoint } from './endpoint.js';
import { interceptors } from './interceptors.js';
import { queue } from './queue.js';
import { retry } from './retry.js';
import type { Runtime } from './runtime.js';
import { send } from './send.js';
import { sign } from './sign.js';
import { compose, type Handler } from './stage.js';
import { throttle } from './throttle.js';
import { uploads } from './uploads.js';

/** The handler of a client's calls. */
export function pipelineOf(runtime: Runtime): Handler {
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
      ...attemptInterceptors(runtime.options),
    ],
    send(runtime),
  );
  return compose([callEvents(runtime), deadline, ...interceptors(runtime), queue(runtime), uploads(runtime)], exchange);
}
