/** HTTP/1.1 byte by byte: what no HTTP client would send. */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface RawClient {
  readonly socket: Socket;
  /** Texts are written byte by byte: a character is one byte. */
  send(bytes: string | Uint8Array): void;
  /** The next whole answer. Rejects where the connection ends before. */
  answer(): Promise<RawAnswer>;
  /** All that has come, when the connection is closed. */
  readonly closed: Promise<string>;
  close(): void;
}

export async function openRaw(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let received = Buffer.alloc(0);
  let all = '';
  let isClosed = false;
  let look = (): void => undefined;
  // A server may reset whom it refuses; what came before that counts.
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    all += chunk.toString('latin1');
    look();
  });
  const closed = new Promise<string>((resolve) =>
    socket.once('close', () => {
      isClosed = true;
      look();
      resolve(all);
    }),
  );
  return {
    socket,
    closed,
    send: (bytes) => void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    answer: () =>
      new Promise((resolve, reject) => {
        look = (): void => {
          const found = readAnswer(received, isClosed);
          if (found !== undefined) {
            received = received.subarray(found.length);
            look = (): void => undefined;
            resolve(found.answer);
          } else if (isClosed) reject(new Error(`The connection was closed after ${JSON.stringify(all)}`));
        };
        look();
      }),
    close: () => void socket.destroy(),
  };
}

/** One answer, on a connection of its own. */
export async function sendRaw(port: number, ...pieces: (string | Uint8Array)[]): Promise<RawAnswer> {
  const client = await openRaw(port);
  for (const piece of pieces) client.send(piece);
  try {
    return await client.answer();
  } finally {
    client.close();
  }
}

function readAnswer(bytes: Buffer, isClosed: boolean): { answer: RawAnswer; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = new Map(
    lines.map((each) => [each.slice(0, each.indexOf(':')).toLowerCase(), each.slice(each.indexOf(':') + 1).trim()]),
  );
  const status = Number(line.split(' ')[1]);
  const start = end + 4;
  if (headers.get('transfer-encoding') === 'chunked') {
    const body = readChunks(bytes, start);
    return body && { answer: { status, headers, body: body.text }, length: body.end };
  }
  const length = headers.get('content-length');
  // Without a length, an answer ends with its connection.
  if (length === undefined && !isClosed) return undefined;
  const stop = start + Number(length ?? bytes.length - start);
  if (bytes.length < stop) return undefined;
  return { answer: { status, headers, body: bytes.toString('utf8', start, stop) }, length: stop };
}

function readChunks(bytes: Buffer, start: number): { text: string; end: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = parseInt(bytes.toString('latin1', at, line), 16);
    const next = line + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { text: Buffer.concat(chunks).toString(), end: next };
    chunks.push(bytes.subarray(line + 2, line + 2 + size));
    at = next;
  }
}
