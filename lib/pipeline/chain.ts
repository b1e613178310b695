/** What users put around calls and attempts: functions of their own, which may give anything. */
import type { Observable } from 'rxjs';
import type { HttpEvent } from '../http-event.js';
import { checkedOutput } from './given.js';
import { checkOption, ofType, type Rule } from '../schema/options.js';
import { isObject } from '../schema/values.js';

/** The first of them is the outermost. Throws where one gives no handler. */
export function chain<Handler>(
  option: string,
  interceptors: readonly ((next: Handler) => Handler)[],
  last: Handler,
): Handler {
  return interceptors.reduceRight((next, interceptor, index) => {
    const handler = interceptor(next);
    checkOption(`${option}[${index}](…)`, handler, ofType('function'));
    return handler;
  }, last);
}

/** What their handlers give. */
export function checkedEvents(path: string, given: Observable<HttpEvent>): Observable<HttpEvent> {
  return checkedOutput(given, path, event);
}

const event: Rule = {
  expected: 'an Observable of { kind, … }',
  fits: (value) => isObject(value) && typeof value.kind === 'string',
};
