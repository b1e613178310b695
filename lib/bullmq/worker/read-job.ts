/** The data of a job, which anybody who reaches Redis may have written. */
import type { CallOptions } from '../../call-options.js';
import type { UntypedRequest } from '../../codec/untyped.js';
import { ConfigurationError, type Attempt } from '../../errors.js';
import { describe } from '../../schema/describe.js';
import { isObject } from '../../schema/values.js';
import type { CallJob } from '../job.js';
import { fromTransfer } from '../transfer.js';

/** A call as it is made: what travelled is read. */
export interface ReadCall extends Omit<CallJob, 'request' | 'options' | 'untyped'> {
  readonly request: unknown;
  readonly options: CallOptions;
  readonly untyped: UntypedRequest | undefined;
  /** Those of earlier deliveries in which it was sent. */
  readonly attempts: readonly Attempt[];
}

/** @throws ConfigurationError for anything else than a call of a form that is known here. */
export function readJob(data: unknown): ReadCall {
  if (!isObject(data)) throw unfit('job', 'the data of a call', describe(data));
  if (data.v !== 1) {
    const came = typeof data.v === 'number' ? String(data.v) : describe(data.v);
    throw unfit('job.v', '1, which is what this version of rx-alicloud reads', came);
  }
  for (const [name, type, optional = false] of fields) {
    const value = data[name];
    const fits = (optional && value === undefined) || typeof value === type;
    if (!fits) throw unfit(`job.${name}`, `a ${type}`, describe(value));
  }
  const { attempts = [], context } = data;
  if (!Array.isArray(attempts)) throw unfit('job.attempts', 'an array', describe(attempts));
  if (context !== undefined && !(isObject(context) && Object.values(context).every((text) => typeof text === 'string')))
    throw unfit('job.context', 'texts by their names', describe(context));
  const options = read(data.options, 'job.options') ?? {};
  if (!isObject(options)) throw unfit('job.options', 'an object', describe(options));
  const untyped = read(data.untyped, 'job.untyped');
  if (untyped !== undefined && !isObject(untyped)) throw unfit('job.untyped', 'an object', describe(untyped));
  return {
    // Each field has been checked.
    ...(data as unknown as CallJob),
    attempts: attempts as readonly Attempt[],
    request: read(data.request, 'job.request'),
    options,
    untyped: untyped as unknown as UntypedRequest | undefined,
  };
}

const fields: readonly (readonly [name: keyof CallJob, type: string, optional?: boolean])[] = [
  ['product', 'string'],
  ['version', 'string'],
  ['action', 'string'],
  ['safe', 'boolean'],
  ['runId', 'string'],
  ['durable', 'boolean'],
  ['expiresAt', 'number', true],
  ['throttledFor', 'number', true],
  ['maxResultSize', 'number', true],
];

function read(value: unknown, path: string): unknown {
  try {
    return fromTransfer(value);
  } catch {
    throw unfit(path, 'what a producer writes', 'something else');
  }
}

function unfit(path: string, expected: string, received: string): ConfigurationError {
  return new ConfigurationError({ path, expected, received });
}
