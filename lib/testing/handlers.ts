/** Who answers which operation. */
import { from, isObservable, of, type Observable } from 'rxjs';
import type { AnyOperation, Operation, RequestOf, ResponseOf, Service } from '../service.js';
import { operationKey, type CompiledOperation } from './operations.js';

/** A call that has been let in. */
export interface Call<Request, Response = unknown> {
  /** The request, decoded: structured, and of the types that the operation's description says. */
  readonly request: Request;
  /** Such as `DescribeRegions`. */
  readonly action: string;
  readonly service: Service;
  /** The request's region, or the one in the host's name, or the emulator's first. */
  readonly regionId: string;
  readonly requestId: string;
  /** Who calls; absent for anonymous calls and bearer tokens. */
  readonly accessKeyId: string | undefined;
  /** The role whose temporary credentials are used; absent: the account itself. */
  readonly role: string | undefined;
  /** The headers of the request, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The emulator's clock, in ms. */
  readonly now: number;
  /** An answer made up from the operation's description: a start for one that differs in a field. */
  sample(): Response;
}

/**
 * Answers the calls of one operation: with a response, an Observable of it, a promise or an async iterable; the first
 * value is the answer. To refuse a call, throw `apiError(…)` or error with it. `RequestId` is added where it is missing.
 */
export type Handler<Request, Response> = (
  call: Call<Request, Response>,
) => Response | Observable<Response> | PromiseLike<Response> | AsyncIterable<Response>;

/** What the emulator calls: the request has been decoded by the tables of the operation that the handler is for. */
export type AnyHandler = (call: Call<never, never>) => unknown;

/** Handlers for some operations of a product, under their method names. */
export type ServiceHandlers<Operations> = {
  readonly [Name in keyof Operations]?: Handler<RequestOf<Operations[Name]>, ResponseOf<Operations[Name]>>;
};

/** The same under the keys of the operations. A method is named after its action, with a small letter first. */
export function keyed<Operations>(version: string, handlers: ServiceHandlers<Operations>): [string, AnyHandler][] {
  return Object.entries(handlers).map(([name, handler]) => [
    operationKey(version, name.charAt(0).toUpperCase() + name.slice(1)),
    // What `entries` forgets: each member is a handler.
    handler as AnyHandler,
  ]);
}

export interface Handlers {
  set(operation: string | AnyOperation, handler: AnyHandler): () => void;
  /** Absent: the answer is made up. */
  find(operation: CompiledOperation): AnyHandler | undefined;
}

export function createHandlers(builtIn: ReadonlyMap<string, AnyHandler>): Handlers {
  // Under an action alone, or under version and action. The last of a list counts, so that one can be put over another.
  const own = new Map<string, { readonly handler: AnyHandler }[]>();
  const last = (key: string): AnyHandler | undefined => own.get(key)?.at(-1)?.handler;
  return {
    set(operation, handler) {
      const key = typeof operation === 'string' ? operation : operationKey(operation.service.version, operation.action);
      const entry = { handler };
      own.set(key, [...(own.get(key) ?? []), entry]);
      return () => {
        own.set(
          key,
          (own.get(key) ?? []).filter((candidate) => candidate !== entry),
        );
      };
    },
    find: ({ key, descriptor }) => last(key) ?? last(descriptor.action) ?? builtIn.get(key),
  };
}

/** Sets a handler by an operation's descriptor, typed, or by its name. */
export interface Handle {
  <Request, Response>(operation: Operation<Request, Response>, handler: Handler<Request, Response>): () => void;
  (action: string, handler: Handler<Readonly<Record<string, unknown>>, unknown>): () => void;
}

/** A response that is an array or a string is a response, not a list of them. */
export function toAnswer(answer: unknown): Observable<unknown> {
  if (isObservable(answer)) return answer;
  if (typeof answer !== 'object' || answer === null) return of(answer);
  if ('then' in answer && typeof answer.then === 'function') return from(answer as PromiseLike<unknown>);
  if (Symbol.asyncIterator in answer) return from(answer as AsyncIterable<unknown>);
  return of(answer);
}
