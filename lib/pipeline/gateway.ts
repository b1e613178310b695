/** The way of sending through a gateway: it has the credentials, finds the host, signs, and repeats what failed there. */
import { attemptHeader } from '../gateway-protocol/headers.js';
import { CurrentAttempt } from './current-attempt.js';
import { encodeForGateway } from './gateway-encode.js';
import type { Runtime } from './runtime.js';
import type { Sending } from './sending.js';
import type { Handler, Stage } from './stage.js';

const pass: Stage = (next) => next;

/** One object, as bundlers would make one of a module's exports by code of their own. */
export const gateway: Sending = {
  // The files are part of what the gateway is sent.
  uploads: () => pass,
  encode: encodeForGateway,
  endpoint: () => pass,
  credentials: beginAttempt,
  throttle: () => pass,
  sign: writeRequest,
};

function beginAttempt(next: Handler): Handler {
  return (call) => {
    const { timeline } = call;
    call.attempt = new CurrentAttempt(timeline.attempt, timeline.enter(undefined));
    return next(call);
  };
}

function writeRequest({ userAgent }: Runtime): Stage {
  return (next) => (call) => {
    const { operation, request, plan, settings, attempt, timeline } = call;
    const { path, headers, body } = plan.encoded;
    const { gateway: base = '', connectTimeout, readTimeout, maxResponseSize } = settings;
    const { responseType } = operation;
    timeline.enter('sent');
    attempt.signed = {
      product: operation.service.product,
      http: {
        method: 'POST',
        url: base + path,
        headers: userAgent === undefined ? headers : { ...headers, 'user-agent': userAgent },
        body,
        connectTimeout,
        readTimeout,
        maxResponseSize,
        call: { operation, request },
        attemptId: headers[attemptHeader],
        ...(responseType === 'bytes' ? { responseType } : {}),
      },
    };
    return next(call);
  };
}
