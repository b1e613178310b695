/** The descriptor types: a service is data and types, and all behaviour is the runtime's. */
import type { ReadableStreamLike } from 'rxjs';

/** Where a product's hosts are. */
export interface Endpoints {
  /** The product's name in its host names, such as `ecs`. */
  readonly prefix: string;
  /** `regional`: a host for each region; `central`: one for all; `none`: only those of `regions`, else `endpoint` must be given. */
  readonly rule: 'regional' | 'central' | 'none';
  /** Regions whose host does not follow the rule. */
  readonly regions: Readonly<Record<string, string>>;
}

/** What the operations of a product's API version have in common. */
export interface Service {
  /** The product's code, such as `Ecs`. */
  readonly product: string;
  /** The API version, such as `2014-05-26`. */
  readonly version: string;
  readonly endpoints: Endpoints;
  /** All signed calls are sent in the older protocol: the product takes no other. */
  readonly protocol?: Protocol;
}

/** How a call is signed: ACS3-HMAC-SHA256, or the older HMAC-SHA1. */
export type Protocol = 'V3' | 'V1';

/**
 * The content of a file or of a whole body. Text is sent as UTF-8; a `Blob` or a stream is read when the call is made,
 * and whole before it is sent, since the signature covers it.
 */
export type Content = string | Uint8Array | ArrayBuffer | BlobLike | ContentStream;

/** A `Readable` of Node, a web stream, or what an async generator gives. It serves one call. */
export type ContentStream = AsyncIterable<string | Uint8Array> | ReadableStreamLike<string | Uint8Array>;

/** What is needed of a `Blob`. */
export interface BlobLike {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Which fields of a request may be given as the content of a file, where the operation itself takes its URL. */
export interface Upload {
  /** The product as the upload's authorisation names it, such as `imageenhan`. */
  readonly product: string;
  /** Such as `ImageURL`; within arrays `Tasks[].ImageURL`. */
  readonly fields: readonly string[];
}

export type BodyType = 'form' | 'json' | 'bytes';

/** `bytes` are a `Uint8Array`. */
export type ResponseType = 'json' | 'text' | 'bytes' | 'events';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/**
 * One operation, described. A field is there only where it deviates from the default: an RPC call, POST, a form or
 * JSON body, JSON in return. The tables are written in the grammar of `schema/grammar.ts`.
 */
export interface Operation<Request, Response> {
  readonly service: Service;
  /** The operation's name on the wire, such as `DescribeRegions`. */
  readonly action: string;
  /** @default 'POST' */
  readonly method?: HttpMethod;
  /**
   * The path of a ROA operation, with its variables in braces: `/clusters/{ClusterId}`. What follows a `?` goes to the
   * query. Absent: an RPC operation.
   */
  readonly path?: string;
  /** Fields that go to the query. */
  readonly query?: string;
  /** Fields that go to headers. */
  readonly header?: string;
  /** Fields that go to the body; `name=type` where one field is the whole body. */
  readonly body?: string;
  /** How the body is written; `bytes`: the one field that is the whole body, as it is. @default 'form' for RPC, 'json' for ROA */
  readonly bodyType?: BodyType;
  /** The response's table. Absent: the operation answers without a body. */
  readonly response?: string;
  /** How the response's body is read; `events`: server-sent events, the data of each is JSON by the response's table, or text where that is `s`. @default 'json' */
  readonly responseType?: ResponseType;
  /** Sent without a signature. */
  readonly anonymous?: true;
  /** In place of the service's. */
  readonly protocol?: Protocol;
  /** Whether it only reads, so that it may be executed twice. @default by its name, or HTTP's `GET` of a ROA operation */
  readonly read?: boolean;
  /** How long its answer may take, in milliseconds, where the user gives neither `readTimeout` nor `timeout`. */
  readonly readTimeout?: number;
  /** There where some fields may be given as the content of a file. */
  readonly upload?: Upload;
  /** How it is read page by page, in the grammar of `paging/pager.ts`. Absent: it has no pages. */
  readonly pages?: string;
  /** Never there: it carries the types. */
  readonly types?: (request: Request) => Response;
}

/** An operation that is read page by page, and whose pages are lists of `Item`. */
export interface PagedOperation<Request, Response, Item> extends Operation<Request, Response> {
  /** How: see {@link Operation}. */
  readonly pages: string;
  /** Never there: it carries the type. */
  readonly item?: (item: Item) => Item;
}

/** What an operation without a response body emits. */
export type NoContent = Record<string, never>;

// Any operation: `never` and `unknown` are the ends of the range, so every Operation<Req, Res> fits.
export type AnyOperation = Operation<never, unknown>;

/** A product's operations under their method names: what {@link defineClient} makes a client of. */
export interface ServiceDefinition<Operations> {
  readonly service: Service;
  readonly operations: Operations;
}

export type RequestOf<O> = O extends Operation<infer Request, infer _Response> ? Request : never;
export type ResponseOf<O> = O extends Operation<infer _Request, infer Response> ? Response : never;
