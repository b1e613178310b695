import { defer, EMPTY, tap, type Observable } from 'rxjs';
import type { CredentialsProvider } from '../../credentials/credentials.js';
import { parseEndpoint } from '../../endpoint/host-names.js';
import { checkOptions, ofType, withMethod, type Rules } from '../../schema/options.js';
import { axiosTransport } from '../../transport/axios-transport.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../../transport/transport.js';
import { emulatorCredentials, type EmulatorCredentials } from '../credentials.js';
import { toWire } from '../in-process.js';
import { checkPair } from '../options.js';
import { describeRequest } from './describe-request.js';
import { describeResponse } from './describe-response.js';
import { forwarding } from './forwarding.js';
import { sorted, type RecordedExchange, type Recording } from './recording.js';
import { writeRecording } from './recording-file.js';
import { showingOf } from './secrets.js';
import { serving, type Serving } from './serving.js';
import { texts } from './texts.js';

/** What is recorded, and who may have it recorded. */
export interface RecordOptions {
  /** The file that `save` and `close` write, which only Node can. @default none */
  readonly to?: string | undefined;
  /** What requests are sent with. @default the transport that clients have by themselves */
  readonly transport?: Transport | undefined;
  /** What is hidden beside secrets, however it is written: account ids, say. @default nothing */
  readonly hide?: readonly string[] | undefined;
  /** Who signs what comes over HTTP, for the services. @default nobody: such requests are refused */
  readonly credentials?: CredentialsProvider | undefined;
  /** Where what comes over HTTP is sent. @default the host of the operation's product, in the request's region */
  readonly upstream?: string | undefined;
  /** Who may call over HTTP. @default `emulatorCredentials` */
  readonly callers?: EmulatorCredentials | undefined;
}

/** Stands before the services, and keeps record. */
export interface Recorder extends Serving {
  /** Sends requests as they are, signed by the client. */
  readonly transport: Transport;
  /** What was answered so far. A request that was not answered to its end is not in it. */
  readonly recording: Recording;
  /** Writes the file. */
  save(): void;
  /** Writes the file, and ends every connection. */
  close(): Promise<void>;
}

/**
 * Sends requests to the services and writes down what they answer, without signatures, dates, nonces and client tokens, and
 * with secrets masked: those by their names, those that a request carried, and what `hide` names. Nothing else is: ids,
 * addresses and account numbers stay as they are.
 *
 * @example
 * const recorder = record({ to: 'spec/inventory.json', hide: ['1234567890123456'] });
 * const ecs = new EcsClient({ regionId: 'cn-hangzhou', credentials: accessKey(id, secret), transport: recorder.transport });
 * ecs.describeInstances({}).subscribe({ complete: () => recorder.save() });
 *
 * @throws ConfigurationError where an option can't work
 * @see replay
 */
export function record(options: RecordOptions = {}): Recorder {
  checkOptions<RecordOptions>(options, rules);
  const {
    to,
    hide = [],
    transport: real = axiosTransport(),
    credentials,
    upstream,
    callers = emulatorCredentials,
  } = options;
  const exchanges: RecordedExchange[] = [];

  const note = (request: HttpRequest, head: HttpHead, pieces: readonly (string | Uint8Array)[]): void => {
    const wire = toWire(request);
    const show = showingOf(wire, hide);
    exchanges.push({ request: describeRequest(wire, show), response: describeResponse(head, pieces, show) });
  };
  const transport = recording(real, note);
  const served = serving(forwarding({ transport, credentials, upstream, callers }));
  const recorder: Recorder = {
    transport,
    get recording() {
      return { format: 1, exchanges: sorted(exchanges) } as const;
    },
    save() {
      if (to !== undefined) writeRecording(to, recorder.recording);
    },
    listen: (port, host) => served.listen(port, host),
    async close() {
      recorder.save();
      await served.close();
      real.closeIdle?.();
    },
  };
  return recorder;
}

const rules: Rules<RecordOptions> = {
  to: { expected: 'the path of a file', fits: (value) => typeof value === 'string' && value !== '' },
  transport: withMethod('send', 'a transport', ['stream', 'closeIdle', 'admit', 'reserve']),
  hide: texts,
  credentials: ofType('function'),
  upstream: (value, path) => void parseEndpoint(String(value), 'https', path),
  callers: checkPair,
};

type Note = (request: HttpRequest, head: HttpHead, pieces: readonly (string | Uint8Array)[]) => void;

/** The same transport, with each answer told of that has come whole. */
function recording(real: Transport, note: Note): Transport {
  return {
    send: (request) =>
      real
        .send(request)
        .pipe(tap((response: HttpResponse) => note(request, response, [response.bytes ?? response.body]))),
    ...(real.stream && {
      stream: (request: HttpRequest) =>
        notedStream(real.stream?.(request) ?? EMPTY, (...parts) => note(request, ...parts)),
    }),
    ...(real.closeIdle && { closeIdle: () => real.closeIdle?.() }),
    ...(real.admit && {
      admit: <T>(origin: string, start: () => Observable<T>) => real.admit?.(origin, start) ?? start(),
    }),
    ...(real.reserve && { reserve: (requests: number) => real.reserve?.(requests) }),
  };
}

function notedStream(
  part$: Observable<HttpHead | Uint8Array>,
  note: (head: HttpHead, pieces: readonly Uint8Array[]) => void,
): Observable<HttpHead | Uint8Array> {
  return defer(() => {
    let head: HttpHead | undefined;
    const pieces: Uint8Array[] = [];
    return part$.pipe(
      tap({
        next: (part) => {
          if (part instanceof Uint8Array) pieces.push(part);
          else head = part;
        },
        complete: () => {
          if (head !== undefined) note(head, pieces);
        },
      }),
    );
  });
}
