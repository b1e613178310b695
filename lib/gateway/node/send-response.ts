import { setImmediate } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.js';

/** How long the other end may take, in milliseconds. */
export interface Patience {
  /** To read some more of its answer. */
  readonly drain: number;
  /** To stop sending what nobody reads. */
  readonly linger: number;
}

/** What one write waits for: less would be slow, and of more a slow caller might not read anything in time. */
const pieceSize = 65_536;

/** Writes an answer as fast as it is read. Rejects where its body fails, and where the caller goes or stops reading. */
export async function sendResponse(exchange: Exchange, answer: Response, patience: Patience): Promise<void> {
  const { message, response, signal } = exchange;
  // Its connection was refused meanwhile.
  if (response.headersSent) return answer.body?.cancel();
  // The rest of the request may be at hand already, and is about to be parsed.
  if (!message.complete) await setImmediate();
  // An answer before the end of the request is a refusal, which is whole at hand.
  if (!message.complete) return sendRefusal(exchange, answer, patience);
  writeHead(response, answer);
  response.flushHeaders();
  const reader = answer.body?.getReader();
  const cancel = (): void => void reader?.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
      await write(exchange, piece.value, patience.drain);
    }
    response.end();
    await happened(exchange, 'finish', patience.drain);
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function write(exchange: Exchange, bytes: Uint8Array, patience: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceSize) {
    exchange.signal.throwIfAborted();
    if (!exchange.response.write(bytes.subarray(at, at + pieceSize))) await happened(exchange, 'drain', patience);
  }
}

function writeHead(response: ServerResponse, { status, headers }: Response): void {
  response.statusCode = status;
  response.setHeaders(headers);
}

/**
 * Writes an answer before the end of its request, and closes the connection. Closed while the other side still sends, it
 * would be reset, and what was answered may be lost on the way. So what comes is read and dropped for a while, in which
 * the caller gets the whole answer and may close.
 */
export async function sendRefusal(exchange: Exchange, answer: Response, { drain, linger }: Patience): Promise<void> {
  const { message, response } = exchange;
  const body = Buffer.from(await answer.arrayBuffer());
  if (message.socket.destroyed) return;
  writeHead(response, answer);
  response.setHeader('content-length', body.length);
  response.setHeader('connection', 'close');
  response.write(body);
  if (!message.readableEnded) await dropRest(exchange, linger);
  response.end();
  await happened(exchange, 'finish', drain);
}

function dropRest({ message }: Exchange, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const leave = (): void => {
      clearTimeout(timer);
      message.off('end', leave);
      message.socket.off('close', leave);
      resolve();
    };
    const timer = setTimeout(leave, patience);
    message.once('end', leave);
    message.socket.once('close', leave);
    message.resume();
  });
}

/** Rejects where the connection is closed before, or the caller takes longer. */
function happened(
  { message: { socket }, response }: Exchange,
  event: 'drain' | 'finish',
  patience: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => (): void => {
      clearTimeout(timer);
      response.off(event, succeed);
      response.off('close', fail);
      socket.off('close', fail);
      if (error === undefined) resolve();
      else reject(error);
    };
    const succeed = settle();
    const fail = settle(new Error('The caller has gone.'));
    const timer = setTimeout(settle(new Error('The caller does not read its answer.')), patience);
    response.once(event, succeed);
    response.once('close', fail);
    // A response behind another is not told of it.
    socket.once('close', fail);
    if (event === 'finish' && response.writableFinished) succeed();
    else if (response.destroyed || socket.destroyed) fail();
  });
}
