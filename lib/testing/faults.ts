/** What can go wrong on purpose. */
import { checkOptions, ofType, invalidOption, type Rule } from '../schema/options.js';
import { isObject } from '../schema/values.js';
import { apiError } from './api-error.js';
import { checkText, count, duration, headersAt, httpStatus, oneOf, probability, text } from './check.js';
import { hintHeaders, hints, type Hinting } from './hints.js';
import type { Ids } from './ids.js';
import type { Reply } from './wire.js';

export interface FaultFilter {
  /** Only calls of this operation, such as `DescribeRegions`. @default all */
  readonly action?: string;
  /** How often it strikes before it is gone, an integer >= 1. @default until it is removed */
  readonly times?: number;
  /** How likely it strikes a call, 0 to 1, by the emulator's seed. @default 1 */
  readonly probability?: number;
}

interface Striking {
  /** The call is executed, and then its answer is lost to the fault: what makes blind repetition dangerous. @default false */
  readonly afterExecution?: boolean;
}

export type Fault = FaultFilter &
  (
    | ({
        /** The call is refused because there are too many, and is not executed. */
        readonly kind: 'throttle';
        /** @default 400 */
        readonly status?: number;
        /** @default 'Throttling.User' */
        readonly code?: string;
      } & Hinting)
    | ({
        readonly kind: 'error';
        /** @default 500 */
        readonly status?: number;
        /** @default 'InternalError' */
        readonly code?: string;
        readonly message?: string;
      } & Striking &
        Hinting)
    | ({
        /** A gateway's error page, which is not JSON. */
        readonly kind: 'html';
        /** @default 502 */
        readonly status?: number;
      } & Striking &
        Hinting)
    | ({
        /** The connection is reset before any answer. */
        readonly kind: 'reset';
      } & Striking)
    | {
        /** The call is executed, and nothing is heard of it for a while. */
        readonly kind: 'late';
        /** How long the answer is held back, in ms. */
        readonly duration: number;
      }
    | {
        /** The answer comes in pieces. */
        readonly kind: 'slow';
        /** How long the body takes, in ms. */
        readonly duration: number;
      }
    | {
        /** The connection breaks in the middle of the body. */
        readonly kind: 'cut';
      }
    | {
        /** The answer comes whole, and the connection is closed behind it, without a word before. */
        readonly kind: 'close';
      }
  );

export interface Faults {
  inject(fault: Fault): () => void;
  /** The first fault that strikes a call of this operation. */
  strike(action: string): Fault | undefined;
}

type CheckAction = (path: string, action: unknown) => void;

/** `checkAction` throws where there is no operation of a name. */
export function createFaults(ids: Ids, checkAction: CheckAction = () => undefined): Faults {
  const check = checkerOf(checkAction);
  // In the order in which they were injected.
  const armed = new Map<object, { readonly fault: Fault; left: number }>();
  return {
    inject(fault) {
      check(fault);
      const key = {};
      armed.set(key, { fault, left: fault.times ?? Infinity });
      return () => void armed.delete(key);
    },
    strike(action) {
      for (const [key, entry] of armed) {
        const { fault } = entry;
        if (fault.action !== undefined && fault.action !== action) continue;
        if (fault.probability !== undefined && ids.random() >= fault.probability) continue;
        if (--entry.left === 0) armed.delete(key);
        return fault;
      }
      return undefined;
    },
  };
}

/** Throws an `SDK.InvalidConfiguration` where a fault is none, or says what its kind does not know. */
function checkerOf(checkAction: CheckAction): (fault: unknown) => void {
  const filter = {
    kind: () => undefined,
    action: (value: unknown) => checkAction('fault.action', value),
    times: count,
    probability,
  };
  const afterExecution = ofType('boolean');
  const hinting = {
    retryAfter: duration('fault.retryAfter'),
    hint: oneOf('fault.hint', hints),
    headers: headersAt('fault.headers'),
  };
  const lasting = { ...filter, duration: duration('fault.duration') };
  const refusal = { ...filter, ...hinting, status: httpStatus, code: checkCode };
  const kinds: Readonly<Record<Fault['kind'], Readonly<Record<string, Rule | ((value: unknown) => void)>>>> = {
    throttle: refusal,
    error: { ...refusal, message: text, afterExecution },
    html: { ...filter, ...hinting, status: httpStatus, afterExecution },
    reset: { ...filter, afterExecution },
    late: lasting,
    slow: lasting,
    cut: filter,
    close: filter,
  };
  return (fault) => {
    if (!isObject(fault)) throw invalidOption('fault', 'an object', fault);
    oneOf('fault.kind', Object.keys(kinds))(fault.kind);
    // It is one of them, as has just been seen.
    const rules = kinds[fault.kind as Fault['kind']];
    checkOptions(fault, rules, 'fault.');
    if (rules === lasting) lasting.duration(fault.duration);
  };
}

function checkCode(value: unknown): void {
  checkText(value, 'fault.code');
}

/**
 * What a fault makes of a call whose proper answer is `reply`; throws an API error where the service would send one.
 * `now` is the server's time, in ms.
 */
export function distort(fault: Fault, reply: Reply | undefined, now: number): Reply {
  switch (fault.kind) {
    case 'throttle':
      throw apiError(
        fault.status ?? 400,
        fault.code ?? 'Throttling.User',
        'Request was denied due to user flow control.',
        { headers: hinted(fault, now, 100) },
      );
    case 'error':
      throw apiError(
        fault.status ?? 500,
        fault.code ?? 'InternalError',
        fault.message ?? 'The request processing has failed due to some unknown error.',
        { headers: hinted(fault, now) },
      );
    case 'html': {
      const status = fault.status ?? 502;
      const body = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>\n`;
      return { status, headers: { 'content-type': 'text/html', ...hinted(fault, now) }, body };
    }
    case 'reset':
      return { ...(reply ?? nothing), delivery: { kind: 'reset' } };
    case 'late':
      return { ...(reply ?? nothing), delivery: { kind: 'late', duration: fault.duration } };
    case 'slow':
      return { ...(reply ?? nothing), delivery: { kind: 'slow', duration: fault.duration } };
    case 'cut':
      return { ...(reply ?? nothing), delivery: { kind: 'cut' } };
    case 'close':
      return { ...(reply ?? nothing), delivery: { kind: 'close' } };
  }
}

/** Whether the call is executed although the fault strikes it. */
export function isExecuted(fault: Fault): boolean {
  switch (fault.kind) {
    case 'late':
    case 'slow':
    case 'cut':
    case 'close':
      return true;
    case 'throttle':
      return false;
    default:
      return fault.afterExecution === true;
  }
}

const nothing: Reply = { status: 200, headers: {}, body: '' };

function hinted(
  { retryAfter, hint = 'x-acs-retry-after', headers }: Hinting,
  now: number,
  otherwise?: number,
): Record<string, string> {
  const wait = retryAfter ?? otherwise;
  return { ...(wait === undefined ? {} : hintHeaders(hint, wait, now)), ...headers };
}
