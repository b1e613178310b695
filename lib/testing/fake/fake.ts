import { defer, map, tap } from 'rxjs';
import { AlicloudClient, type Client, type ClientClass } from '../../client.js';
import type { ClientOptions } from '../../client-options.js';
import type { HttpEvent } from '../../http-event.js';
import type { CallContext } from '../../pipeline/call-context.js';
import { callEvents } from '../../pipeline/call-events.js';
import { deadline } from '../../pipeline/deadline.js';
import { encode } from '../../pipeline/encode.js';
import { interceptors } from '../../pipeline/interceptors.js';
import { queue } from '../../pipeline/queue.js';
import type { Runtime } from '../../pipeline/runtime.js';
import { compose, type Handler, type Stage } from '../../pipeline/stage.js';
import { checkOption, plainObject, type Rule } from '../../schema/options.js';
import type { AnyOperation, RequestOf } from '../../service.js';
import { AnswerBook, observableOf, type Answers, type FakeAnswer } from './answers.js';
import type { FakeCall } from './fake-call.js';

/** The calls of a product's operations: `operation` tells them apart, and what `request` is. */
export type FakeCalls<Operations> = {
  [Name in keyof Operations & string]: FakeCall<Name, RequestOf<Operations[Name]>>;
}[keyof Operations & string];

/** A client that answers what it was told, and keeps record. */
export type Fake<Operations> = Client<Operations> & {
  /** All calls so far, in the order in which they were subscribed to. */
  readonly calls: readonly FakeCalls<Operations>[];
};

/**
 * A client that sends nothing: each operation has the answer that it is given, and one without an answer ends in a
 * {@link NotFakedError}. All else is the client's own: cold Observables, chan and callback calls, the async mode with its
 * queue, `shutdown`, `close`, `events$`, `stats$`, `deadline`, and requests that are refused where they do not fit their
 * operation. An error surfaces at once, as there are no attempts.
 *
 * @example
 * const ecs = fake(EcsClient, {
 *   describeRegions: { Regions: { Region: [{ RegionId: 'cn-hangzhou' }] } },
 *   describeInstances: ({ PageNumber }) => ({ PageNumber: Number(PageNumber), TotalCount: 0 }),
 *   deleteInstance: NEVER,
 * });
 * ecs.describeRegions({}).subscribe(({ Regions }) => console.log(Regions));
 * console.log(ecs.calls); // [{ operation: 'describeRegions', request: {}, outcome: 'completed' }]
 *
 * @param options those of a client; without a `regionId` it is in `cn-hangzhou`
 * @throws ConfigurationError where an answer is for no operation of the client, or an option can't work
 * @see fakeClient, for operations of any product
 */
export function fake<Operations>(
  clientClass: ClientClass<Operations>,
  answers: Answers<Operations>,
  options: ClientOptions = {},
): Fake<Operations> {
  checkOption('clientClass', clientClass, aClient);
  // A product's operations are an interface of operations: `object` is as near as its type comes to that.
  const operations = clientClass.definition.operations as Readonly<Record<string, AnyOperation>>;
  checkOption('answers', answers, plainObject);
  return recording(clientClass, new AnswerBook(operations, answers), options) as Fake<Operations>;
}

/**
 * The same for operations of any product: a client that is given their descriptors.
 *
 * @example
 * import { describeRegions } from 'rx-alicloud/ecs';
 * import { answerWith, fakeClient } from 'rx-alicloud/testing/fake';
 *
 * const client = fakeClient([answerWith(describeRegions, { Regions: { Region: [] } })]);
 * client.call(describeRegions).subscribe(console.log);
 *
 * @throws ConfigurationError where it is not what {@link answerWith} gives, or an option can't work
 */
export function fakeClient(
  answers: readonly FakeAnswer[],
  options: ClientOptions = {},
): AlicloudClient & { readonly calls: readonly FakeCall[] } {
  checkOption('answers', answers, { expected: 'a list of what `answerWith` gives', fits: Array.isArray });
  return recording(AlicloudClient, new AnswerBook({}, {}, answers), options);
}

function recording(
  clientClass: new (options: ClientOptions, pipeline: (runtime: Runtime) => Handler) => AlicloudClient,
  book: AnswerBook,
  options: ClientOptions,
): AlicloudClient & { readonly calls: readonly FakeCall[] } {
  const calls: FakeCall[] = [];
  const pipelineOf = (runtime: Runtime): Handler =>
    compose(
      [
        recordIn(calls, book),
        callEvents(runtime),
        deadline,
        ...interceptors(runtime),
        queue(runtime),
        checked(runtime),
      ],
      answerFrom(book),
    );
  return Object.assign(new clientClass({ regionId: 'cn-hangzhou', ...options }, pipelineOf), { calls });
}

const aClient: Rule = {
  expected: "the class of a product's client",
  fits: (value) => typeof value === 'function' && 'definition' in value,
};

/** Stands around all else, so that calls that are refused are recorded, too. */
function recordIn(calls: FakeCall[], book: AnswerBook): Stage {
  return (next) => (call) =>
    defer(() => {
      const { operation, request } = call;
      const record: { -readonly [Fact in keyof FakeCall]: FakeCall[Fact] } = {
        operation: book.of(operation).name,
        request,
        outcome: 'pending',
      };
      calls.push(record);
      let isAnswered = false;
      return next(call).pipe(
        tap({
          next: ({ kind }) => (isAnswered ||= kind === 'response'),
          complete: () => (record.outcome = 'completed'),
          error: (error: unknown) => Object.assign(record, { outcome: 'errored', error: call.describeError(error) }),
          // Whoever takes the response and no more, as `firstValueFrom` does, has cancelled nothing.
          unsubscribe: () => (record.outcome = isAnswered ? 'completed' : 'unsubscribed'),
        }),
      );
    });
}

/** What a real client would not send is refused here, too. A file in place of its URL is not read. */
function checked(runtime: Runtime): Stage {
  const check = encode(runtime);
  return (next) => {
    const checkedNext = check(next);
    return (call) => (call.operation.upload === undefined ? checkedNext(call) : next(call));
  };
}

function answerFrom(book: AnswerBook): Handler {
  const made = new Map<string, number>();
  return (call) => {
    const { name, answer } = book.of(call.operation);
    const index = made.get(name) ?? 0;
    made.set(name, index + 1);
    return observableOf(answer, call.operation, name, call.request, index).pipe(
      map((body) => eventOf(call, body)),
      tap({ complete: () => (call.timeline.whole = true) }),
    );
  };
}

function eventOf({ answersInChunks, timeline }: CallContext, body: unknown): HttpEvent {
  timeline.begun = answersInChunks;
  return { kind: answersInChunks ? 'chunk' : 'response', body, status: 200, headers: {}, attempts: [] };
}
