/** What a fake answers, and which operation with what. */
import { catchError, defer, from, isObservable, of, throwError, type Observable } from 'rxjs';
import { isServerError, ServerError } from '../../errors.js';
import { NotFakedError } from './not-faked-error.js';
import { invalidOption } from '../../schema/options.js';
import { meant } from '../../schema/meant.js';
import type { AnyOperation, Operation, RequestOf, ResponseOf } from '../../service.js';

/**
 * A response; or an Observable or a promise of it; or an error. An operation that answers with events gives each value of an
 * Observable.
 */
export type GivenAnswer<Response> = Response | Observable<Response> | PromiseLike<Response> | Error;

/** The same for each call; or a function of the request, and of how many calls of the operation came before, from 0 on. */
export type Answer<Request, Response> =
  GivenAnswer<Response> | ((request: Request, index: number) => GivenAnswer<Response>);

/** Answers by the names of the client's methods. */
export type Answers<Operations> = {
  readonly [Name in keyof Operations]?: Answer<RequestOf<Operations[Name]>, ResponseOf<Operations[Name]>>;
};

/** An operation and its answer. */
export interface FakeAnswer {
  readonly operation: AnyOperation;
  readonly answer: Answer<never, unknown>;
}

/**
 * The answer of one operation, for a client of any operation.
 *
 * @see fakeClient
 */
export function answerWith<Request, Response>(
  operation: Operation<Request, Response>,
  answer: Answer<Request, Response>,
): FakeAnswer {
  return { operation, answer };
}

/** An answer, and what the operation that it is for is called in a test. */
export interface NamedAnswer {
  readonly name: string;
  readonly answer: unknown;
}

/** Looks up the answer of an operation, be it given as a descriptor or described by a caller alone. */
export class AnswerBook {
  private readonly byKey = new Map<string, NamedAnswer>();

  /**
   * `operations` are those of the client's product, by method, as are `answers`.
   *
   * @throws ConfigurationError for an answer to none of them
   */
  constructor(operations: Readonly<Record<string, AnyOperation>>, answers: object, pairs: readonly FakeAnswer[] = []) {
    for (const [name, operation] of Object.entries(operations)) this.add(operation, { name, answer: undefined });
    for (const [name, answer] of Object.entries(answers)) {
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (operation === undefined) {
        const expected = `absent, as there is no such operation${meant(name, Object.keys(operations))}`;
        throw invalidOption(`answers.${name}`, expected, answer);
      }
      this.add(operation, { name, answer });
    }
    for (const [index, pair] of pairs.entries()) {
      const { operation, answer } = Object(pair) as Partial<FakeAnswer>;
      if (operation?.service === undefined) throw invalidOption(`answers[${index}]`, 'what `answerWith` gives', pair);
      this.add(operation, { name: operation.action, answer });
    }
  }

  of(operation: AnyOperation): NamedAnswer {
    return this.byKey.get(keyOf(operation)) ?? { name: operation.action, answer: undefined };
  }

  private add(operation: AnyOperation, named: NamedAnswer): void {
    this.byKey.set(keyOf(operation), named);
  }
}

/** A caller's own description is another object than the descriptor, of the same operation. */
function keyOf({ action, service: { product, version } }: AnyOperation): string {
  return `${product.toLowerCase()} ${version} ${action}`;
}

/** The answer to one call. */
export function observableOf(
  answer: unknown,
  { action }: AnyOperation,
  name: string,
  request: unknown,
  index: number,
): Observable<unknown> {
  return defer(() => {
    // Who gives a function gives one of a request and an index.
    const given: unknown =
      typeof answer === 'function' ? (answer as (...args: unknown[]) => unknown)(request, index) : answer;
    // Of a function, for a request or an index that it has none for.
    if (given === undefined) return throwError(() => new NotFakedError(name));
    if (isObservable(given)) return given;
    if (given instanceof Error) return throwError(() => given);
    return isPromise(given) ? from(given) : of(given);
  }).pipe(catchError((error: unknown) => throwError(() => errorOf(error, action))));
}

/** One of the server's is told of anew for each call, as the client adds to it which call it is of. */
function errorOf(error: unknown, action: string): unknown {
  if (!isServerError(error)) return error;
  const { code, message, status, requestId, hostId, recommend, accessDeniedDetail, headers, rawBody, retryAfter } =
    error;
  const facts = { code, message, status, requestId, hostId, recommend, accessDeniedDetail, headers, rawBody };
  const told = new ServerError({ ...facts, action: error.action === '' ? action : error.action });
  return retryAfter === undefined ? told : Object.assign(told, { retryAfter });
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
