/** A client whose transport answers from a script, in virtual time. */
import { defer, delay, EMPTY, finalize, NEVER, of, tap, throwError, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { AlicloudError } from '../../lib/errors.js';
import type { CallEvent } from '../../lib/events/events.js';
import type { Operation } from '../../lib/service.js';
import type { HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';
import { service } from '../pipeline/support.js';

type Any = Operation<Record<string, unknown>, { N?: number }>;

export const read: Any = { service, action: 'DescribeZones', query: 'Marker:s', response: '{N:n}' };
export const write: Any = { service, action: 'StartZone', query: 'Marker:s', response: '{N:n}' };
export const writeOnce: Any = { service, action: 'CreateZone', query: 'ClientToken:s', response: '{N:n}' };

export function ok(headers: Record<string, string> = {}): HttpResponse {
  return { status: 200, headers, body: '{"N":1}' };
}

export function refusal(
  status: number,
  code: string,
  headers: Record<string, string> = {},
  message = 'No.',
): HttpResponse {
  return { status, headers, body: JSON.stringify({ Code: code, Message: message, RequestId: 'r' }) };
}

export const throttle = (headers: Record<string, string> = {}): HttpResponse =>
  refusal(400, 'Throttling.User', headers);

/** What becomes of a request: an answer, after so many milliseconds where that is said, an error, or nothing at all. */
export type Step = HttpResponse | [after: number, response: HttpResponse] | AlicloudError | 'never';

export class Scripted implements Transport {
  readonly sent: { readonly at: number; readonly request: HttpRequest }[] = [];
  underWay = 0;
  aborted = 0;

  /** The last step is repeated. */
  constructor(
    private readonly now: () => number,
    private readonly steps: readonly Step[],
  ) {}

  send(request: HttpRequest): Observable<HttpResponse> {
    return defer(() => {
      const step = this.steps[Math.min(this.sent.length, this.steps.length - 1)];
      this.sent.push({ at: this.now(), request });
      this.underWay++;
      let ended = false;
      return answerOf(step).pipe(
        tap({ error: () => (ended = true), complete: () => (ended = true) }),
        finalize(() => {
          this.underWay--;
          if (!ended) this.aborted++;
        }),
      );
    });
  }

  get times(): number[] {
    return this.sent.map(({ at }) => at);
  }

  /** What each request said in its query. */
  said(name: string): (string | null)[] {
    return this.sent.map(({ request }) => new URL(request.url).searchParams.get(name));
  }
}

function answerOf(step: Step | undefined): Observable<HttpResponse> {
  if (step === undefined) return EMPTY;
  if (step === 'never') return NEVER;
  if (step instanceof Error) return throwError(() => step);
  return Array.isArray(step) ? of(step[1]).pipe(delay(step[0])) : of(step);
}

export interface Stage {
  readonly client: AlicloudClient;
  readonly transport: Scripted;
  readonly events: CallEvent[];
  /** Makes a call and gives how it ended, and when. */
  readonly run: (call: Observable<unknown>) => Ending;
  /** Lets all of time go by. */
  readonly flush: () => void;
  readonly scheduler: TestScheduler;
}

export interface Ending {
  values: unknown[];
  error: AlicloudError | undefined;
  /** In milliseconds; `undefined` where it has not ended. */
  at: number | undefined;
}

/** Makes a call and gives how it ended, and when. */
export function endingOf(call: Observable<unknown>, now: () => number): Ending {
  const ending: Ending = { values: [], error: undefined, at: undefined };
  call.subscribe({
    next: (value) => ending.values.push(value),
    error: (error: AlicloudError) => Object.assign(ending, { error, at: now() }),
    complete: () => (ending.at = now()),
  });
  return ending;
}

/** Plays in virtual time. Backoff is at its longest, unless `random` is set. */
export function play(steps: readonly Step[], options: ClientOptions, scene: (stage: Stage) => void, random = 1): void {
  const chance = jest.spyOn(Math, 'random').mockReturnValue(random);
  try {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ flush }) => {
      const transport = new Scripted(() => scheduler.now(), steps);
      const client = new AlicloudClient({
        regionId: 'cn-hangzhou',
        credentials: accessKey('LTAI5tId', 'the-secret'),
        transport,
        ...options,
      });
      const events: CallEvent[] = [];
      client.events$.subscribe((event) => events.push(event));
      const run = (call: Observable<unknown>): Ending => endingOf(call, () => scheduler.now());
      scene({ client, transport, events, run, flush, scheduler });
    });
  } finally {
    chance.mockRestore();
  }
}
