import type { Decode } from './decode.js';
import type { Encode } from './encode.js';
import type { Writing } from './writing.js';

/** What makes a request of a value, and a value of a response. */
export interface Codecs {
  readonly encode: Encode;
  readonly decode: Decode;
  /** In place of the operation's and the client's. */
  readonly protocol?: Writing | undefined;
}
