import { asapScheduler, from, map, scheduled, Subject } from 'rxjs';
import { isServerError, type ServerError } from '../../errors.js';
import { checkOptions, ofType, type Rules } from '../../schema/options.js';
import { decodeBase64 } from '../../transport/base64.js';
import type { Transport } from '../../transport/transport.js';
import { apiError } from '../api-error.js';
import type { RequestHandler } from '../request-handler.js';
import { createTransport } from '../in-process.js';
import { dateHeader, errorReply } from '../replies.js';
import { isOfCloud, mediaTypeOf, shortened, type Reply, type WireRequest } from '../wire.js';
import { describeRequest } from './describe-request.js';
import { readRecording } from './recording-file.js';
import {
  checkRecording,
  identityOf,
  type RecordedExchange,
  type RecordedRequest,
  type RecordedResponse,
  type Recording,
} from './recording.js';
import { showingOf } from './secrets.js';
import { serving, type Serving } from './serving.js';
import { texts } from './texts.js';

/** What is answered, and how often. */
export interface ReplayOptions {
  /** What was recorded: a file, which only Node has, or what is in one. */
  readonly from: string | Recording;
  /** Whether the last answer to a request is given again when it is made more often than it was recorded. @default false */
  readonly repeat?: boolean | undefined;
  /** What was hidden when it was recorded, beside secrets. @default nothing */
  readonly hide?: readonly string[] | undefined;
}

/** The services, as far as they were recorded. */
export interface Replay extends Serving {
  /** Answers in this process. */
  readonly transport: Transport;
  /** What was recorded and has not been asked for. */
  readonly unused: readonly RecordedRequest[];
}

/**
 * Answers from a recording: identical requests in the order in which they were recorded, each once. Who asks, when, and with
 * which client token does not count. Any other request is refused with HTTP 404 and the code `NotRecorded`.
 *
 * @example
 * const { transport } = replay({ from: 'spec/inventory.json' });
 * const client = new EcsClient({ transport, regionId: 'cn-hangzhou', credentials: accessKey('any', 'any') });
 *
 * @throws ConfigurationError where `from` is no recording, or an option can't work
 * @see record
 */
export function replay(options: ReplayOptions): Replay {
  checkOptions<ReplayOptions>(options, rules);
  const { from: source, repeat = false, hide = [] } = options;
  const { exchanges } = typeof source === 'string' ? readRecording(source) : source;
  const shelf = new Shelf(exchanges, repeat);
  const handle: RequestHandler = (wire) =>
    // Never within `subscribe`, as no network answers there.
    scheduled([wire], asapScheduler).pipe(map(() => replyTo(wire, shelf, hide)));
  return {
    transport: createTransport(handle, new Subject()),
    ...serving(handle),
    get unused() {
      return shelf.unused;
    },
  };
}

const rules: Rules<ReplayOptions> = {
  from(value, path) {
    if (typeof value !== 'string') checkRecording(value, path);
  },
  repeat: ofType('boolean'),
  hide: texts,
};

function replyTo(wire: WireRequest, shelf: Shelf, hide: readonly string[]): Reply {
  let reply: Reply;
  try {
    const request = describeRequest(wire, showingOf(wire, hide));
    reply = replyOf(shelf.take(request));
  } catch (error) {
    if (!isServerError(error)) throw error;
    reply = errorReply(error, wire, 'replay');
  }
  // Clients set their clocks by it.
  return { ...reply, headers: { ...reply.headers, date: dateHeader(Date.now()) } };
}

function replyOf({ status, headers, body = '', base64 }: RecordedResponse): Reply {
  if (base64 !== undefined) return { status, headers, body: decodeBase64(base64) };
  if (mediaTypeOf(headers['content-type']) !== 'text/event-stream') return { status, headers, body };
  // Each event on its own, as it came.
  return { status, headers, body: '', more: from(body.split(/(?<=\r?\n\r?\n)/)) };
}

/** The answers that have not been given, by request. */
class Shelf {
  private readonly waiting = new Map<string, RecordedExchange[]>();
  private readonly given = new Map<string, RecordedExchange[]>();

  constructor(
    exchanges: readonly RecordedExchange[],
    private readonly repeat: boolean,
  ) {
    for (const recorded of exchanges) {
      const key = identityOf(recorded.request);
      this.waiting.set(key, [...(this.waiting.get(key) ?? []), recorded]);
    }
  }

  get unused(): readonly RecordedRequest[] {
    return [...this.waiting.values()].flat().map(({ request }) => request);
  }

  /** Throws a `ServerError` where there is none. */
  take(request: RecordedRequest): RecordedResponse {
    const key = identityOf(request);
    const isMeant = (recorded: RecordedExchange): boolean => isSameHost(recorded.request.host, request.host);
    const waiting = this.waiting.get(key) ?? [];
    const given = this.given.get(key) ?? [];
    const next = waiting.find(isMeant);
    if (next !== undefined) {
      waiting.splice(waiting.indexOf(next), 1);
      this.given.set(key, [...given.filter((each) => !isMeant(each)), next]);
      return next.response;
    }
    const last = given.find(isMeant);
    if (last === undefined) throw notRecorded(request, 'No answer is recorded to');
    if (!this.repeat) throw notRecorded(request, 'Every answer has been given that is recorded to');
    return last.response;
  }
}

/** An address of this machine stands for whatever host was recorded. */
function isSameHost(one: string, other: string): boolean {
  return one === other || !isOfCloud(one) || !isOfCloud(other);
}

function notRecorded(
  { action, method, host, path, parameters = {}, body = '' }: RecordedRequest,
  what: string,
): ServerError {
  const operation = action ?? `${method} ${host}${path}`;
  const given = shortened(`${JSON.stringify(parameters)}${body === '' ? '' : ` ${body}`}`, 500);
  return apiError(404, 'NotRecorded', `${what} ${operation} with ${given}.`);
}
