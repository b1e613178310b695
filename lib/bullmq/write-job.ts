/** A call as the data of a job: checked, completed and copied before it is accepted, or refused. */
import { isToken } from '../codec/client-token.js';
import { encoderOf } from '../codec/encode.js';
import { parseBodyTemplate } from '../codec/encode-body.js';
import { parsePath } from '../codec/encode-path.js';
import { completed, knownFieldsOf, type KnownFields } from '../codec/complete.js';
import { refuseRequest } from '../codec/explain-request.js';
import { perOperation } from '../codec/per-operation.js';
import { readable } from '../codec/readable.js';
import { UnfitRequest } from '../codec/unfit-request.js';
import { fileFieldsOf, replaced } from '../codec/upload-fields.js';
import { untypedCodecs, type UntypedCodecs } from '../codec/untyped-codecs.js';
import { ConfigurationError, InvalidRequestError } from '../errors.js';
import type { CallContext } from '../pipeline/call-context.js';
import { writeRequest } from '../pipeline/encode.js';
import type { Runtime } from '../pipeline/runtime.js';
import { isRead } from '../retry/is-read.js';
import { describe } from '../schema/describe.js';
import { parseFields } from '../schema/grammar.js';
import type { AnyOperation } from '../service.js';
import type { CallJob, TransferredOptions } from './job.js';
import { toTransfer, type RefuseValue } from './transfer.js';

/** What is known of a job before it is added. */
export type JobDraft = Omit<CallJob, 'runId' | 'durable' | 'expiresAt'>;

export type WriteJob = (call: CallContext) => JobDraft;

/** Throws where the call can't be made, or not by another process: nothing is sent then. */
export function jobWriter(runtime: Runtime): WriteJob {
  const encoders = perOperation(encoderOf);
  const knownFields = perOperation(fieldsOf);
  let untyped: UntypedCodecs | undefined;

  const draftOf = (call: CallContext): JobDraft => {
    const { operation, request } = call;
    if (call.kind.codecs !== 'tables') return untypedDraftOf(call);
    const known = knownFields(operation);
    const complete = completed(request, known, completionOf(call));
    // What is sent in place of the content of a file is known when it has been uploaded.
    const checked = fileFieldsOf(operation, complete).reduce(
      (changed, { keys }) => replaced(changed, keys, 'https://localhost/'),
      complete,
    );
    const { pending } = writeRequest(runtime, { ...partsOf(call), request: checked }, encoders(operation));
    return {
      ...headOf(call, pending.idempotent),
      request: toTransfer(complete, '', refuseField(operation)),
    };
  };

  const untypedDraftOf = (call: CallContext): JobDraft => {
    const { operation, request } = call;
    untyped ??= untypedCodecs();
    const { pending } = writeRequest(runtime, partsOf(call), untyped(operation, request).encode);
    const description = Object.fromEntries(
      // What it says beside the request are the call's options, which travel as all calls' do.
      Object.entries(Object(request) as object).filter(([name]) => !(name in Object(call.options))),
    );
    return {
      ...headOf(call, pending.idempotent),
      untyped: toTransfer(description, '', refuseField(operation)),
    };
  };

  const headOf = (call: CallContext, idempotent: boolean): Omit<JobDraft, 'request' | 'untyped'> => {
    const { product, version } = call.operation.service;
    const options = writeOptions(call, runtime);
    return {
      v: 1,
      product,
      version,
      action: call.operation.action,
      ...(options === undefined ? {} : { options }),
      safe: isRead(call.operation) || idempotent,
    };
  };

  /** As `encode` completes it. */
  const completionOf = ({ settings, options }: CallContext): Parameters<typeof completed>[2] => {
    const tokenOf = (name: string): string => {
      const given = options?.query?.[name];
      return isToken(given) ? given : runtime.nonce();
    };
    return { regionId: settings.regionId, clientToken: settings.retry === false ? undefined : tokenOf };
  };

  return (call) => {
    requireWhole(call);
    try {
      return readable(call.operation.action, () => draftOf(call));
    } catch (error) {
      if (error instanceof UnfitRequest) refuseRequest(error);
      throw error;
    }
  };
}

/** Throws where a client's own options say of calls what can't travel. */
export function checkClient({ options }: Runtime): void {
  for (const name of said) toTransfer(options[name], name, refuseOption);
}

function fieldsOf(operation: AnyOperation): KnownFields {
  return knownFieldsOf(operation, {
    path: parsePath(operation.path).fields,
    query: parseFields(operation.query ?? ''),
    header: parseFields(operation.header ?? ''),
    body: parseBodyTemplate(operation).fields,
  });
}

function partsOf({ operation, request, options, settings }: CallContext): Parameters<typeof writeRequest>[1] {
  return { operation, request, options, settings };
}

/** What may be said for a client as well as for a call, and travels either way. */
const said = ['connectTimeout', 'readTimeout', 'timeout', 'retry', 'maxRetryAfter', 'strict'] as const;
/** What is said for a call alone. An endpoint of the client's is where this process sends to. */
const saidOfCalls = ['endpoint', 'headers', 'query', 'tag'] as const;

function writeOptions({ request, options = {}, settings }: CallContext, { options: client }: Runtime): unknown {
  if (options.credentials !== undefined) {
    const expected = 'absent, as the workers of a dispatcher have credentials of their own';
    throw new ConfigurationError({ path: 'credentials', expected, received: describe(options.credentials) });
  }
  const written: Partial<Record<keyof TransferredOptions, unknown>> = {};
  for (const name of said) written[name] = options[name] ?? client[name];
  for (const name of saidOfCalls) written[name] = options[name];
  // A worker's client may be of another region, and that of a request goes before a client's.
  const { RegionId } = Object(request) as { readonly RegionId?: unknown };
  const isNamed = typeof RegionId === 'string' && RegionId !== '';
  written.regionId = options.regionId ?? (isNamed ? undefined : settings.regionId);
  const result = toTransfer(written, '', refuseOption);
  return Object.keys(result as object).length === 0 ? undefined : result;
}

/** Pieces of an answer, and what becomes of a call meanwhile, are not told across processes. */
function requireWhole({ operation, options, kind }: CallContext): void {
  const observe = options?.observe ?? kind.observe;
  const expected = "'body' or 'response' beside a dispatcher";
  if (observe !== 'body' && observe !== 'response') {
    throw new ConfigurationError({ path: 'observe', expected, received: `'${observe}'` });
  }
  if (operation.responseType === 'events') {
    const whole = `${expected}, and the answer to ${operation.action} one that comes whole`;
    throw new ConfigurationError({ path: 'observe', expected: whole, received: 'an answer that comes in events' });
  }
}

const refuseOption: RefuseValue = (path, expected, received) => {
  throw new ConfigurationError({ path, expected, received });
};

function refuseField({ action }: AnyOperation): RefuseValue {
  return (path, expected, received) => {
    throw new InvalidRequestError(action, [{ path: path === '' ? 'request' : path, expected, received }]);
  };
}
