/** What a gateway is told when it is made. */
import type { Observable } from 'rxjs';
import type { AlicloudClient } from '../client.js';
import type { ClientOptions } from '../client-options.js';
import type { AnyOperation } from '../service.js';
import type { AllowedOperation } from './allow.js';
import type { AttemptStore } from './attempt-store.js';
import type { GatewayLogger } from './events.js';

/** A call of a browser, before its body is read. */
export interface GatewayCall {
  readonly operation: AnyOperation;
}

/** A call of a browser, read and checked, about to be sent. */
export interface CheckedCall extends GatewayCall {
  readonly request: Readonly<Record<string, unknown>>;
  /** The region that it goes to. */
  readonly regionId: string;
}

/** The request as the hook `authorize` sees it: all of it but its body. */
export interface AuthorizeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** As the adapter tells it: of the connection, not of a header. */
  readonly remoteAddress?: string | undefined;
}

/** Who calls, and what is allowed to him beside what the gateway's own options allow to everybody. */
export interface GatewaySession {
  /**
   * Whose calls these are: limits are counted by it, and the answers to attempts are kept for it alone. It stands in events and
   * logs: a user's or a session's id, no token.
   */
  readonly id: string;
  /** What this session may call: each must be in the gateway's `allow`, and fit both. @default all that the gateway allows */
  readonly allow?: readonly (AnyOperation | AllowedOperation)[] | undefined;
  /** The regions of this session, of those that the gateway has. @default all that the gateway has */
  readonly regions?: readonly string[] | undefined;
  /** Has the last word, when all else is checked; `false` is a refusal. @default none */
  readonly permit?: ((call: CheckedCall) => boolean | PromiseLike<boolean> | Observable<boolean>) | undefined;
}

/** The answer of `authorize` that refuses; what it returns in place of a session. */
export interface Refusal {
  /** `unauthenticated` is answered with HTTP 401, `forbidden` with 403. */
  readonly refuse: 'unauthenticated' | 'forbidden';
  /** For the caller to read. */
  readonly message?: string | undefined;
}

export type Authorize = (
  request: AuthorizeRequest,
  call: GatewayCall,
) => Authorization | PromiseLike<Authorization> | Observable<Authorization>;

/** `undefined`, `null` and `false` are the refusal `unauthenticated`. */
export type Authorization = GatewaySession | Refusal | undefined | null | false;

/** How large what a browser sends and gets may be. */
export interface GatewayLimits {
  /** The longest body without binary content, in bytes, >= 1. @default 1048576, which is 1 MiB */
  readonly requestSize?: number | undefined;
  /** The longest body with binary content, in bytes, >= 1. @default 33554432, which is 32 MiB */
  readonly uploadSize?: number | undefined;
  /** How many objects and arrays may stand within each other in a request: an integer >= 1. @default 16 */
  readonly depth?: number | undefined;
  /** The longest list in a request: an integer >= 1. @default 1000 */
  readonly listLength?: number | undefined;
  /** How many members all objects of a request may have together: an integer >= 1. @default 5000 */
  readonly keys?: number | undefined;
  /** The longest answer that comes whole, in bytes, >= 1. @default 16777216, which is 16 MiB */
  readonly responseSize?: number | undefined;
  /** The longest answer that comes in pieces, in bytes, >= 1. @default 1073741824, which is 1 GiB */
  readonly streamSize?: number | undefined;
  /** How much of an answer that comes in pieces may wait for a slow caller, in bytes, >= 1: one slower than that is cut off. @default 4194304, which is 4 MiB */
  readonly streamBuffer?: number | undefined;
  /** How long a body may take to arrive as a whole, in milliseconds, >= 1. @default 30000 */
  readonly bodyTimeout?: number | undefined;
  /** How long a body may pause, in milliseconds, >= 1. @default 5000 */
  readonly idleTimeout?: number | undefined;
  /** How long `authorize` and `permit` may take, in milliseconds, >= 1. @default 10000 */
  readonly authorizeTimeout?: number | undefined;
}

/** How many requests a session may make. */
export interface GatewayRates {
  /** How many requests a session may make within `per`: an integer >= 1. @default 300 */
  readonly requests?: number | undefined;
  /** In milliseconds, >= 1. @default 60000 */
  readonly per?: number | undefined;
  /** How many requests of a session may be under way at a time: an integer >= 1. @default 32 */
  readonly concurrency?: number | undefined;
}

/** How the answers to attempts are remembered. */
export interface AttemptOptions {
  /** Where. @default in memory, of this gateway alone */
  readonly store?: AttemptStore | undefined;
  /** How long an answer is kept, in milliseconds, >= 1. @default 600000, which is ten minutes */
  readonly keepFor?: number | undefined;
  /** How long an attempt is another gateway's that has said nothing of it, in milliseconds, >= 1; then nobody knows what became of it. @default 30000 */
  readonly lease?: number | undefined;
  /** The longest answer that is kept, in bytes, >= 0. @default 1048576, which is 1 MiB */
  readonly maxAnswerSize?: number | undefined;
}

export interface GatewayOptions {
  /**
   * By which the gateway sends: a client, or the options of one that the gateway makes and closes. Of options, the async mode is
   * on unless they say otherwise; in workerd, where no request may wait for another, it can't be. Credentials stand here and
   * nowhere else.
   */
  readonly client: AlicloudClient | ClientOptions;
  /** Says who calls, and refuses those that may not. It is asked before the body is read. */
  readonly authorize: Authorize;
  /** What may be called: descriptors, or `allow(descriptor, limits)` with limits for the fields of its request. */
  readonly allow: readonly (AnyOperation | AllowedOperation)[];
  /**
   * The regions that calls may go to, in their `regionId` and wherever a request names one. A call that names none goes to the
   * first.
   * @default that of the client's options
   */
  readonly regions?: readonly string[] | undefined;
  /** The origins of the pages that may call, such as `https://app.example.com`. Others are refused, whoever calls from them. */
  readonly origins: readonly string[];
  /** The hosts that the gateway is called by, with the port where it is not the scheme's own. @default those of `origins` */
  readonly hosts?: readonly string[] | undefined;
  /** Where the gateway is, as in the client's option `gateway`. @default '/api/alicloud' */
  readonly path?: string | undefined;
  /** How large requests and answers may be, and how slow. @default what GatewayLimits say */
  readonly limits?: GatewayLimits | undefined;
  /** How much a session may ask for. @default what GatewayRates say */
  readonly rates?: GatewayRates | undefined;
  /** How the answers to attempts are remembered. @default what AttemptOptions say */
  readonly attempts?: AttemptOptions | undefined;
  /** Told of each request, as `events$` tells it. @default none */
  readonly logger?: GatewayLogger | undefined;
  /** Told of what is doubtful in the options, such as operations that return secrets. @default console.warn */
  readonly warn?: ((message: string) => void) | undefined;
}
