import type { FramedContent } from './frame.js';

/** The JSON of a call: what the gateway needs beside the path. */
export interface GatewayCall {
  readonly request: unknown;
  readonly regionId?: string | undefined;
  /** What follows the JSON in a frame, in that order. */
  readonly contents?: readonly FramedContent[] | undefined;
}
