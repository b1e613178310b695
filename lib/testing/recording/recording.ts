/** What a file of recorded answers holds. */
import {
  checkOption,
  checkOptions,
  ofType,
  plainObject,
  invalidOption,
  type Rule,
  type Rules,
} from '../../schema/options.js';
import { isPlainObject } from '../../schema/values.js';

/** JSON: answers of the services, each with the request that it is to. Sorted, so that files can be compared. */
export interface Recording {
  readonly format: 1;
  readonly exchanges: readonly RecordedExchange[];
}

export interface RecordedExchange {
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

/**
 * A request without what changes from one time to the next: signature, dates, nonces, client tokens, whose it is. Secrets are
 * masked. Two requests that are equal in this are identical.
 */
export interface RecordedRequest {
  /** Such as `DescribeRegions`; absent where a request names none, as uploads to object storage. */
  readonly action?: string;
  /** Such as `2014-05-26`. */
  readonly version?: string;
  /** Where it was sent. It counts where both are hosts of Alibaba Cloud. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** Of the query and of a form alike. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Any other body: its text, JSON in one order; of bytes, their SHA-256. Of an upload to object storage there is none. */
  readonly body?: string;
}

export interface RecordedResponse {
  readonly status: number;
  /** Without those that are of one connection or one time. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it is text. */
  readonly body?: string;
  /** Where it is bytes. */
  readonly base64?: string;
}

/** What makes requests identical, apart from the host. */
export function identityOf({ host: _host, ...request }: RecordedRequest): string {
  return JSON.stringify(request);
}

/** By operation and request; those of identical requests stay in the order in which they were answered. */
export function sorted(exchanges: readonly RecordedExchange[]): RecordedExchange[] {
  const keyed = exchanges.map((recorded) => {
    const { action = '', host } = recorded.request;
    return { key: [action, identityOf(recorded.request), host].join('\n'), recorded };
  });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ recorded }) => recorded);
}

/** Throws a `ConfigurationError` where it is none. `path` is what it is called. */
export function checkRecording(value: unknown, path: string): asserts value is Recording {
  const { format, exchanges } = isPlainObject(value) ? value : {};
  // Of a later version, say.
  if (format !== undefined && format !== 1) throw invalidOption(`${path}.format`, '1', format);
  if (format !== 1 || !Array.isArray(exchanges)) throw invalidOption(path, 'a recording, as `record` writes it', value);
  for (const [index, each] of (exchanges as readonly unknown[]).entries()) {
    const at = `${path}.exchanges[${index}]`;
    checkOption(at, each, plainObject);
    const { request, response } = each as Record<string, unknown>;
    checkOptions(request, requestRules, `${at}.request.`);
    checkOptions(response, responseRules, `${at}.response.`);
    const { host, method, path: requested } = request as Partial<RecordedRequest>;
    for (const [name, given] of Object.entries({ host, method, path: requested }))
      checkOption(`${at}.request.${name}`, given, text);
    const { status, headers } = response as Partial<RecordedResponse>;
    checkOption(`${at}.response.status`, status, httpStatus);
    checkOption(`${at}.response.headers`, headers, plainObject);
    for (const [name, value] of Object.entries(headers ?? {}))
      checkOption(`${at}.response.headers.${name}`, value, text);
  }
}

const text = ofType('string');
const httpStatus: Rule = {
  expected: 'an HTTP status',
  fits: (value) => Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599,
};
const base64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;
const requestRules: Rules<RecordedRequest> = {
  action: text,
  version: text,
  host: text,
  method: text,
  path: text,
  parameters: plainObject,
  body: text,
};
const responseRules: Rules<RecordedResponse> = {
  status: httpStatus,
  headers: plainObject,
  body: text,
  base64: { expected: 'bytes in Base64', fits: (value) => typeof value === 'string' && base64.test(value) },
};
