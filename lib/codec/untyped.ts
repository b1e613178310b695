/** A call without a description: what its tables would say, its caller says. */
import type { CallOptions } from '../call-options.js';
import { keepingGiveBack } from '../retry/give-back.js';
import { isObject } from '../schema/values.js';
import type { AnyOperation, BodyType, HttpMethod, Protocol, ResponseType } from '../service.js';
import { readable } from './readable.js';

/** Any call to any product. */
export interface UntypedRequest extends Omit<CallOptions, 'headers' | 'query'> {
  /** The product's code, such as `Ecs`. Required. */
  readonly product: string;
  /** The API version, such as `2014-05-26`. Required. */
  readonly version: string;
  /** The operation's name, such as `DescribeRegions`. Required. */
  readonly action: string;
  /** Whether the operation is told by its name or by its path: `RPC` or `ROA`. @default `ROA` where there is a `path`, else `RPC` */
  readonly style?: 'RPC' | 'ROA' | undefined;
  /** The HTTP method. @default 'POST' */
  readonly method?: HttpMethod | undefined;
  /** The path of a ROA operation, with what `pathVariables` has in braces: `/clusters/{ClusterId}`. @default '/' */
  readonly path?: string | undefined;
  /** The values of the path's variables; they are percent-encoded, but for one that is the whole path. @default none */
  readonly pathVariables?: Readonly<Record<string, string>> | undefined;
  /** Parameters, which may be structured: `{ Tag: [{ Key: 'a' }] }` is sent as `Tag.1.Key=a`. @default none */
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  /** Headers to add. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What the body's type allows: an object for `form`, any JSON value or a text that is JSON already for `json`, bytes as they are. @default none */
  readonly body?: unknown;
  /** How the body is written: `form`, flattened; `json`; `bytes`. @default `form` for RPC, `json` for ROA */
  readonly bodyType?: BodyType | undefined;
  /** How the answer is read: `json`, `text`, `bytes`, or `events` where the server sends them. @default 'json' */
  readonly responseType?: ResponseType | undefined;
  /** Sent without a signature. @default false */
  readonly anonymous?: boolean | undefined;
  /** In place of the client's: `V3` or `V1`. @default the client's */
  readonly signature?: Protocol | undefined;
}

/** What the pipeline is to be told for one such call, beside the codecs. */
export interface UntypedCall {
  readonly operation: AnyOperation;
  readonly options: CallOptions;
}

/** Whatever it is given: that something is missing or of the wrong type is said when the call is made. */
export function untypedCall(given: UntypedRequest): UntypedCall {
  return readable('The request', () => callOf(given));
}

function callOf(given: UntypedRequest): UntypedCall {
  const request: Partial<UntypedRequest> = isObject(given) ? given : {};
  const { product = '', version = '', action = '', style, method, path, responseType, anonymous, signature } = request;
  const isRoa = style === 'ROA' || (style === undefined && path !== undefined);
  const operation: AnyOperation = {
    // A good guess at the host, for all that `endpoint` and the client's `endpoints` do not say.
    service: { product, version, endpoints: { prefix: String(product).toLowerCase(), rule: 'regional', regions: {} } },
    action,
    response: 'a',
    ...(isRoa ? { path: path ?? '/' } : {}),
    ...(method === undefined ? {} : { method }),
    ...(responseType === undefined ? {} : { responseType }),
    ...(anonymous === true ? { anonymous } : {}),
    ...(signature === undefined ? {} : { protocol: signature }),
  };
  const {
    regionId,
    endpoint,
    credentials,
    connectTimeout,
    readTimeout,
    timeout,
    deadline,
    retry,
    maxRetryAfter,
    strict,
    tag,
    observe,
  } = request;
  return {
    operation,
    options: {
      regionId,
      endpoint,
      credentials,
      connectTimeout,
      readTimeout,
      timeout,
      deadline,
      retry,
      maxRetryAfter,
      strict,
      tag,
      observe,
      ...keepingGiveBack(request),
    },
  };
}
