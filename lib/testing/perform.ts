/** Executes calls: by their handlers, or by what is made up, and never twice with one client token. */
import { map, of, type Observable } from 'rxjs';
import { isObject } from '../schema/values.js';
import type { Ledger } from './executions.js';
import { toAnswer, type Call, type Handlers } from './handlers.js';
import type { CompiledOperation } from './operations.js';
import { clientTokenOf, fingerprintOf, type Repetitions } from './repetitions.js';
import { withRequestId } from './replies.js';

/** `account` is whose call it is; empty where nobody had to say so. May throw as the service refuses. */
export type Perform = (operation: CompiledOperation, call: Call<never, never>, account: string) => Observable<unknown>;

export interface PerformParts {
  readonly handlers: Handlers;
  readonly ledger: Ledger;
  readonly repetitions: Repetitions;
}

export function createPerform({ handlers, ledger, repetitions }: PerformParts): Perform {
  // An answer that is made up bears the id of no call, and is given that of each.
  const madeUp = new WeakSet<object>();
  const makeUp = (operation: CompiledOperation, request: Readonly<Record<string, unknown>>): unknown => {
    const answer = operation.sample(request);
    if (isObject(answer)) madeUp.add(answer);
    return answer;
  };

  return (operation, call, account) => {
    const { request, requestId, headers, accessKeyId, now } = call;
    const { action, responseType } = operation.descriptor;
    const clientToken = clientTokenOf(operation, request);
    const execute = (): Observable<unknown> => {
      ledger.add({ action, marker: headers['x-marker'], clientToken, accessKeyId, requestId, time: now });
      const handler = handlers.find(operation);
      return handler === undefined ? of(makeUp(operation, request)) : toAnswer(handler(call));
    };
    const answer$ =
      clientToken === undefined || responseType === 'events'
        ? execute()
        : repetitions.answer(`${account} ${operation.key} ${clientToken}`, fingerprintOf(request), execute);
    return answer$.pipe(
      map((answer) => (isObject(answer) && madeUp.has(answer) ? withRequestId(operation, answer, requestId) : answer)),
    );
  };
}
