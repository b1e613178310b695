/**
 * Takes the informational answers (1xx) out of what comes from a server: undici breaks off a connection over a
 * `100 Continue` that it has not asked for. A `101` stays, as the server speaks something else from there on.
 */
import type { Socket } from 'node:net';

/**
 * @param onInformed Called for each that is taken out.
 * @returns What is to be called before each request: the next that comes is the beginning of an answer.
 */
export function withoutInformational(socket: Socket, onInformed: () => void): () => void {
  let isAtHead = true;
  let held = nothing;
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;

  function withoutHeads(piece: Buffer): Buffer | null {
    let bytes = held.length === 0 ? piece : Buffer.concat([held, piece]);
    held = nothing;
    for (;;) {
      const length = informationalLength(bytes);
      if (length === 0) {
        isAtHead = false;
        return bytes;
      }
      if (length === undefined) {
        held = bytes;
        return null;
      }
      onInformed();
      bytes = bytes.subarray(length);
    }
  }

  // undici reads a socket in no other way, and a stream between the two would cost more than all else here.
  socket.read = (size?: number): Buffer | null => {
    const piece = read(size);
    return piece === null || !isAtHead ? piece : withoutHeads(piece);
  };
  return () => (isAtHead = true);
}

const nothing: Buffer = Buffer.alloc(0);
const protocol = Buffer.from('HTTP/1.');
/** Behind `HTTP/1.1 `. */
const statusAt = protocol.length + 2;
const headEnd = Buffer.from('\r\n\r\n');
/** A head that is longer is handed on, and refused there; in bytes. */
const longestHead = 16_384;

/** How long the informational head at the beginning is: 0 where there is none, `undefined` where that is not known yet. */
function informationalLength(bytes: Buffer): number | undefined {
  const known = Math.min(bytes.length, protocol.length);
  if (protocol.compare(bytes, 0, known, 0, known) !== 0) return 0;
  if (bytes.length < statusAt + 3) return undefined;
  const status = bytes.toString('latin1', statusAt, statusAt + 3);
  if (!/^1\d\d$/.test(status) || status === '101') return 0;
  const end = bytes.indexOf(headEnd);
  if (end >= 0) return end + headEnd.length;
  return bytes.length > longestHead ? 0 : undefined;
}
