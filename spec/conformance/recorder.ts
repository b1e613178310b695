import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface Recorded {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The query as it came. */
export function searchOf({ target }: Recorded): string {
  const mark = target.indexOf('?');
  return mark < 0 ? '' : target.slice(mark + 1);
}

export type Pair = readonly [name: string, value: string];

/** A query or a form, decoded, sorted by name. */
export function pairsOf(text: string): Pair[] {
  return [...new URLSearchParams(text)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

export interface Answer {
  readonly contentType: string;
  readonly body: string;
}

export interface Recorder {
  /** `host:port` */
  readonly host: string;
  /** What the next requests are answered with. */
  answer: Answer;
  /** The requests since the last look. */
  take(): Recorded[];
  close(): Promise<void>;
}

/** A server on the loopback interface that remembers what it is sent. */
export async function startRecorder(): Promise<Recorder> {
  let requests: Recorded[] = [];
  // Room for a query with every field of a large request.
  const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
    void record(request).then((recorded) => {
      requests.push(recorded);
      response.writeHead(200, { 'content-type': recorder.answer.contentType });
      response.end(recorder.answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const recorder: Recorder = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: { contentType: 'application/json', body: '{}' },
    take: () => {
      const taken = requests;
      requests = [];
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return recorder;
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks),
  };
}
