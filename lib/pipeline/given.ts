/** What the user's own functions give: they may be in plain JavaScript, and give anything. */
import { from, map, type Observable } from 'rxjs';
import { checkOption, invalidOption, type Rule } from '../schema/options.js';
import { isObject } from '../schema/values.js';
import { isHeaderValue } from '../transport/header-value.js';
import type { HttpHead, HttpResponse, Transport } from '../transport/transport.js';

/** A function whose result is checked each time. */
export function checkedResults<T>(own: () => T, path: string, rule: Rule): () => T {
  return () => {
    const given = own();
    checkOption(path, given, rule);
    return given;
  };
}

export const nonceRule: Rule = {
  expected: 'text on one line, in Latin-1',
  fits: (value) => typeof value === 'string' && isHeaderValue(value),
};

/** Those that a `Date` can have. */
export const timeRule: Rule = {
  expected: 'milliseconds since 1970',
  fits: (value) => typeof value === 'number' && Math.abs(value) <= 864e13,
};

export function checkedTransport(transport: Transport): Transport {
  const stream = transport.stream?.bind(transport);
  return {
    send: (request) => checkedOutput(transport.send(request), 'transport.send(…)', response),
    ...(stream && { stream: (request) => checkedOutput(stream(request), 'transport.stream(…)', part) }),
    closeIdle: () => transport.closeIdle?.(),
    reserve: (requests) => transport.reserve?.(requests),
    ...(transport.admit && { admit: transport.admit.bind(transport) }),
  };
}

const response: Rule = {
  expected: 'an Observable of { status, headers, body }',
  fits: (value) => isHead(value) && typeof (value as Partial<HttpResponse>).body === 'string',
};

const part: Rule = {
  expected: 'an Observable of { status, headers } and bytes',
  fits: (value) => value instanceof Uint8Array || isHead(value),
};

function isHead(value: unknown): value is HttpHead {
  return isObject(value) && typeof value.status === 'number' && isObject(value.headers);
}

/** What is given in the place of an Observable, each of its values checked. */
export function checkedOutput<T>(given: Observable<T>, path: string, rule: Rule): Observable<T> {
  const isOne = Object(given) === given && ('subscribe' in Object(given) || 'then' in Object(given));
  if (!isOne) throw invalidOption(path, rule.expected, given);
  return from(given).pipe(
    map((value) => {
      checkOption(path, value, rule);
      return value;
    }),
  );
}
