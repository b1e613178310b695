/** What a call ended in, as an answer. */
import { isAlicloudError, isClientError, isServerError, type AlicloudError, type ServerError } from '../errors.js';
import { answerOf, encodeJson, jsonHeaders, type AnsweredError, type AnswerHead } from './answer.js';
import type { Inside } from './inside.js';
import { GatewayRefusal, invalid } from './refusal.js';
import { safeHeaders } from './safe-headers.js';

/** Codes of a service that speak of the gateway's own key, clock or signature: nothing that its callers could mend. */
const ofTheInside =
  /access_?key|signature|security_?token|^(?:Invalid|Expired|Missing)(?:Time|Sts)|timestamp|^InvalidCredential|^NoPermission\.AssumeRole/i;

/** Whether anything was sent of a call that ended in this error. */
export function wasSent(error: unknown): boolean {
  return isAlicloudError(error) && (isServerError(error) || (error.attempts ?? []).length > 0);
}

/** A service's error is passed on: its status, code, message and request id. Of any other only what its caller can mend. */
export function failureOf(error: unknown, inside: Inside): readonly [AnswerHead, Uint8Array<ArrayBuffer>] {
  if (isServerError(error) && !(error instanceof GatewayRefusal)) return serverFailure(error, inside);
  return answerOf(refusalOf(error));
}

function serverFailure(error: ServerError, inside: Inside): readonly [AnswerHead, Uint8Array<ArrayBuffer>] {
  const code = error.code.replace(/[^\w.:-]/g, '').slice(0, 128);
  const { requestId } = error;
  const RequestId =
    requestId !== undefined && /^[\w-]{1,128}$/.test(requestId) && inside.hide(requestId) === requestId
      ? requestId
      : undefined;
  const known = RequestId === undefined ? {} : { RequestId };
  if (ofTheInside.test(code)) {
    const [head, body] = answerOf(new GatewayRefusal('Gateway.UpstreamFailed', 'The service refused the gateway'));
    return RequestId === undefined
      ? [head, body]
      : [head, encodeJson({ Code: 'Gateway.UpstreamFailed', Message: 'The service refused the gateway', ...known })];
  }
  const status = error.status >= 400 && error.status <= 599 ? error.status : 502;
  const isCoded = !/^HTTP\.\d+$/.test(code);
  const Message = isCoded
    ? inside.hide(messageOf(error)).slice(0, 2000)
    : `The service answered with status ${error.status}`;
  const body: AnsweredError = { Code: inside.hide(code), Message, ...known };
  const wait = error.retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(error.retryAfter / 1000)) };
  return [
    { status, headers: { ...jsonHeaders, ...safeHeaders(error.headers, inside), ...wait }, code: body.Code },
    encodeJson(body),
  ];
}

/** As the service gave it: which call it is of, the client says by itself. */
function messageOf({ message, code, product, action, regionId }: ServerError): string {
  const suffix = ` (${[code, `${product} ${action}`, ...(regionId === undefined ? [] : [regionId])].join(', ')})`;
  return message.endsWith(suffix) ? message.slice(0, -suffix.length) : message;
}

function refusalOf(error: unknown): unknown {
  if (!isClientError(error)) return error;
  const { code, action } = error as AlicloudError;
  switch (code) {
    case 'SDK.InvalidRequest':
      return invalid(issuesOf(error) ?? `The request is not what ${action} takes`);
    case 'SDK.AsyncQueueFull':
    case 'SDK.AsyncQueueTimeout':
    case 'SDK.Closed':
    case 'SDK.Aborted':
      return new GatewayRefusal('Gateway.Overloaded', 'The gateway takes no more calls now', 1000);
    case 'SDK.Throttled':
      return new GatewayRefusal('Gateway.Overloaded', 'The service takes no more calls now', error.retryAfter ?? 1000);
    case 'SDK.Timeout':
      return new GatewayRefusal('Gateway.UpstreamTimeout', 'The service did not answer in time');
    case 'SDK.ResponseTooLarge':
      return new GatewayRefusal('Gateway.ResponseTooLarge', 'The answer of the service is too long');
    case 'SDK.NetworkError':
    case 'SDK.InvalidResponse':
      return new GatewayRefusal(
        'Gateway.UpstreamFailed',
        'The service could not be reached, or its answer not be read',
      );
    case 'SDK.CredentialsUnavailable':
    case 'SDK.EndpointUnknown':
      return new GatewayRefusal('Gateway.UpstreamFailed', 'The gateway could not make the call');
    default:
      return error;
  }
}

/** Where the request is wrong, without what was there. */
function issuesOf(error: AlicloudError): string | undefined {
  if (!isClientError(error, 'SDK.InvalidRequest')) return undefined;
  const issues = error.issues.slice(0, 10).map(({ path, expected }) => `\`${path.slice(0, 200)}\` to be ${expected}`);
  return issues.length === 0 ? undefined : `Expected ${issues.join(', ')}`;
}
