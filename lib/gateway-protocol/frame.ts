/** A call with binary content, as one body: the length of its JSON in four bytes, big-endian, the JSON, and the contents. */

/** Where a content belongs in the request, and how many bytes it has. */
export interface FramedContent {
  readonly path: readonly (string | number)[];
  readonly length: number;
}

const lengthOfLength = 4;

/** The bytes of a frame before its contents. */
export function frameHead(json: Uint8Array): Uint8Array {
  const head = new Uint8Array(lengthOfLength + json.length);
  new DataView(head.buffer).setUint32(0, json.length);
  head.set(json, lengthOfLength);
  return head;
}

/** The JSON of a frame and what follows it; `undefined` where the frame ends before its JSON does. */
export function openFrame(frame: Uint8Array): { readonly json: Uint8Array; readonly contents: Uint8Array } | undefined {
  if (frame.length < lengthOfLength) return undefined;
  const length = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0);
  const end = lengthOfLength + length;
  if (frame.length < end) return undefined;
  return { json: frame.subarray(lengthOfLength, end), contents: frame.subarray(end) };
}
