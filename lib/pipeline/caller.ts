/** What the pipeline is to those of its parts that make calls themselves. */
import type { Observable } from 'rxjs';
import type { CallOptions } from '../call-options.js';
import type { FullResponse } from '../response.js';
import type { AnyOperation, Protocol } from '../service.js';
import type { CallSettings } from '../settings.js';
import type { ReadyBody, Unread } from './content.js';
import type { Decode } from './decode.js';
import type { Encode, UnreadRequest } from './encode.js';
import type { ContentPlace } from './read-body.js';
import type { CallRecord } from './record.js';

/** What makes a request of a value, and a value of a response. */
export interface Codecs {
  readonly encode: Encode;
  readonly decode: Decode;
}

/** A request that fits its operation. */
export interface Prepared {
  readonly settings: CallSettings;
  readonly protocol: Protocol;
  readonly unread: UnreadRequest;
}

/** Gives the same with its body read; at once where it is neither a `Blob` nor a stream. */
export type ReadBody = <Part extends { readonly body?: Unread | undefined }>(
  unread: Part,
  place: ContentPlace,
) => Observable<Omit<Part, 'body'> & { readonly body?: ReadyBody }>;

export interface CallParts {
  /** The operation's own where none are given. */
  readonly codecs?: Codecs | undefined;
  readonly record?: CallRecord | undefined;
}

export interface Caller {
  /** A cold call: nothing happens before it is subscribed to, and each subscription is a call of its own. */
  call(
    operation: AnyOperation,
    request: unknown,
    options?: CallOptions,
    parts?: CallParts,
  ): Observable<FullResponse<unknown>>;
  /** What is to be sent, and how; throws where the request does not fit its operation. */
  prepare(operation: AnyOperation, request: unknown, options?: CallOptions): Prepared;
  readonly readBody: ReadBody;
}
