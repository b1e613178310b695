/** A client whose requests are answered by a function, whole or as they come, in virtual time. */
import { concat, defer, finalize, mergeMap, of, tap, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { CallEvent } from '../../lib/events/events.js';
import type { AnyOperation, Operation } from '../../lib/service.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';
import { service } from '../pipeline/support.js';
import { endingOf, type Ending } from './support.js';

type Described = Operation<Record<string, unknown>, { N?: number }>;

const query = 'Marker:s,RegionId:s';

export const whole: Described = { service, action: 'DescribeZones', query, response: '{N:n}' };
export const bytes: Operation<Record<string, unknown>, Uint8Array> = {
  service,
  action: 'GetFile',
  query,
  responseType: 'bytes',
};
export const serverSent: Described = { service, action: 'ListWords', query, response: '{N:n}', responseType: 'events' };
export const upload: Described = {
  service,
  action: 'DescribeImage',
  query: `${query},ImageURL:s`,
  response: '{N:n}',
  upload: { product: 'media', fields: ['ImageURL'] },
};

/** An answer, whose body may come in pieces where it is asked for as it comes. */
export interface Reply extends HttpResponse {
  readonly pieces$?: Observable<Uint8Array>;
}

export const piece = (text: string): Uint8Array => new TextEncoder().encode(text);

export function answerTo(request: HttpRequest): Reply {
  const { host, searchParams } = new URL(request.url);
  if (host.startsWith('openplatform.')) {
    const region = searchParams.get('RegionId') ?? '';
    return { status: 200, headers: {}, body: JSON.stringify(authorization(region)) };
  }
  if (host.startsWith('bucket.')) return { status: 201, headers: {}, body: '' };
  const isStreamed = request.headers['x-acs-action'] === serverSent.action;
  return isStreamed
    ? { status: 200, headers: { 'content-type': 'text/event-stream' }, body: 'data: {"N":1}\n\ndata: {"N":2}\n\n' }
    : { status: 200, headers: {}, body: '{"N":1}' };
}

function authorization(region: string): Record<string, string> {
  const key = { AccessKeyId: 'id', EncodedPolicy: 'policy', Signature: 'signature', ObjectKey: 'object' };
  return { ...key, Bucket: 'bucket', Endpoint: `oss-${region}.aliyuncs.com` };
}

export class Wire implements Transport {
  readonly sent: { readonly at: number; readonly request: HttpRequest }[] = [];
  inFlight = 0;

  constructor(
    private readonly now: () => number,
    private readonly reply: (request: HttpRequest, sent: number) => Observable<Reply>,
  ) {}

  send(request: HttpRequest): Observable<HttpResponse> {
    return defer(() => {
      this.sent.push({ at: this.now(), request });
      return this.reply(request, this.sent.length).pipe(
        tap({ subscribe: () => this.inFlight++ }),
        finalize(() => this.inFlight--),
      );
    });
  }

  stream(request: HttpRequest): Observable<HttpHead | Uint8Array> {
    return this.send(request).pipe(
      mergeMap(({ status, headers, body, pieces$ }: Reply) =>
        concat(of<HttpHead>({ status, headers }), pieces$ ?? of(piece(body))),
      ),
    );
  }

  /** What was sent, as `host action marker at`; a dash where there is none. */
  get lines(): string[] {
    return this.sent.map(({ at, request: { url, headers } }) => {
      const { host, searchParams } = new URL(url);
      return [host, headers['x-acs-action'] ?? '-', searchParams.get('Marker') ?? '-', at].join(' ');
    });
  }

  /** The markers of what was sent, in order, each with its time. */
  get markers(): string[] {
    return this.sent.map(({ at, request }) => `${new URL(request.url).searchParams.get('Marker') ?? '-'} ${at}`);
  }
}

export interface Scene {
  readonly client: AlicloudClient;
  readonly wire: Wire;
  /** Makes a call and gives how it ended, and when. */
  readonly run: (operation: AnyOperation, request?: object, options?: object) => Ending;
  readonly watch: (call: Observable<unknown>) => Ending;
  /** Observes the client's events from now on. */
  readonly listen: () => CallEvent[];
  readonly at: (time: number, act: () => void) => void;
  readonly flush: () => void;
  readonly now: () => number;
}

/** Plays in virtual time. Backoff is at its longest. The client's events are observed only if the scene listens. */
export function playOn(
  reply: (request: HttpRequest, sent: number) => Observable<Reply> | Reply,
  options: ClientOptions,
  scene: (scene: Scene) => void,
): void {
  const chance = jest.spyOn(Math, 'random').mockReturnValue(1);
  try {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ flush }) => {
      const now = (): number => scheduler.now();
      const wire = new Wire(now, (request, sent) => {
        const given = reply(request, sent);
        return 'status' in given ? of(given) : given;
      });
      const client = new AlicloudClient({
        regionId: 'cn-hangzhou',
        credentials: accessKey('LTAI5tId', 'the-secret'),
        transport: wire,
        ...options,
      });
      const watch = (call: Observable<unknown>): Ending => endingOf(call, now);
      scene({
        client,
        wire,
        watch,
        run: (operation, request = {}, callOptions = {}) =>
          watch(client.call(operation as Described, request as Record<string, unknown>, callOptions)),
        listen() {
          const events: CallEvent[] = [];
          client.events$.subscribe((event) => events.push(event));
          return events;
        },
        at: (time, act) => void scheduler.schedule(act, time),
        flush,
        now,
      });
    });
  } finally {
    chance.mockRestore();
  }
}

/** Fails so many times, and then answers. */
export function after(failures: readonly Reply[], then = answerTo): (request: HttpRequest, sent: number) => Reply {
  return (request, sent) => failures[sent - 1] ?? then(request);
}
