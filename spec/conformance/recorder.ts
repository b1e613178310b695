import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  /** The query as it came. */
  readonly search: string;
  /** Decoded, sorted by name. */
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Recorder {
  /** `host:port` */
  readonly host: string;
  /** What the next requests are answered with. */
  answer: { readonly contentType: string; readonly body: string };
  /** The requests since the last look. */
  take(): Recorded[];
  close(): Promise<void>;
}

/** A server on the loopback interface that remembers what it is sent. */
export async function startRecorder(): Promise<Recorder> {
  let requests: Recorded[] = [];
  const server = createServer((request, response) => {
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
  const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s);
  return {
    method: request.method ?? '',
    path,
    search,
    query: [...new URLSearchParams(search)].sort(([a], [b]) => (a < b ? -1 : 1)),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
