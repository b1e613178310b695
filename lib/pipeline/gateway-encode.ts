/** Makes of the call's request what a gateway is sent, or refuses it. */
import { randomUUID } from '#platform';
import { map, of, switchMap, type Observable } from 'rxjs';
import { pendingBodyOf } from '../codec/content.js';
import { gatewayWriterOf, type GatewayRequest } from '../codec/gateway-call.js';
import { perOperation } from '../codec/per-operation.js';
import { readable } from '../codec/readable.js';
import { UnfitRequest } from '../codec/unfit-request.js';
import { nameOf } from '../codec/upload-fields.js';
import { requireServer } from '../endpoint/gateway.js';
import { isLabel } from '../endpoint/host-names.js';
import { ConfigurationError } from '../errors.js';
import { frameHead, type FramedContent } from '../gateway-protocol/frame.js';
import { acceptOf, answerTypeOf, attemptHeader, frameType, jsonType } from '../gateway-protocol/headers.js';
import { pathOf } from '../gateway-protocol/path.js';
import { jsonObject } from '../schema/json.js';
import { joinBytes } from '../transport/bytes.js';
import { originOf } from '../platform/origin-of.js';
import { withinTimeout } from './attempt-timeout.js';
import { bodyReader } from './body-reader.js';
import type { CallContext } from './call-context.js';
import { refusal, requireBytes } from './refusal.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function encodeForGateway(runtime: Runtime): Stage {
  const readBody = bodyReader(runtime);
  const writers = perOperation(gatewayWriterOf);

  return (next) => (call) => {
    const { operation, options, request, settings } = call;
    requireServer(runtime.options);
    if (call.kind.codecs !== 'tables') throw untypedRefused();
    const path = checkedPath(operation);
    if (options?.observe === 'stream') requireBytes(operation);
    const completion = {
      regionId: settings.regionId,
      clientToken: settings.retry === false ? undefined : () => runtime.nonce(),
    };
    let written: GatewayRequest;
    try {
      written = readable(operation.action, () => writers(operation)(request, completion));
    } catch (error) {
      if (error instanceof UnfitRequest) return refusal(runtime, error);
      throw error;
    }
    if (options?.regionId === undefined) call.settings = inRegion(written.regionId, settings);
    const { regionId } = call.settings;
    const { contents, idempotent } = written;
    const send = (contentType: string, body: string | Uint8Array): ReturnType<typeof next> => {
      const headers = {
        'content-type': contentType,
        accept: acceptOf(operation),
        // Of each attempt the same: it is repeated where an answer was lost, and then that is the answer.
        [attemptHeader]: randomUUID(),
      };
      const encoded = { path, query: nothing, headers, idempotent, body };
      const origin = originOf(settings.gateway ?? '');
      call.plan = {
        protocol: 'unsigned',
        encoded,
        decode: runtime.decoderOf(operation),
        answerType: answerTypeOf(operation),
        origin,
      };
      return next(call);
    };
    if (contents.length === 0) return send(jsonType, jsonOf(written.json, regionId));

    const reads = contents.map((file) =>
      readBody({ body: pendingBodyOf(file.content) }, { action: operation.action, path: nameOf(file) }).pipe(
        map(({ body = '' }) => (typeof body === 'string' ? new TextEncoder().encode(body) : body)),
      ),
    );
    // One after another.
    const parts$ = reads.reduce<Observable<readonly Uint8Array[]>>(
      (before$, read$) => before$.pipe(switchMap((parts) => read$.pipe(map((part) => [...parts, part])))),
      of([]),
    );
    return parts$.pipe(
      withinTimeout(call),
      switchMap((parts) => {
        const framed = contents.map(({ keys }, i) => ({ path: keys, length: parts[i]?.length ?? 0 }));
        const json = new TextEncoder().encode(jsonOf(written.json, regionId, framed));
        return send(frameType, joinBytes([frameHead(json), ...parts]));
      }),
    );
  };
}

const nothing: ReadonlyMap<string, string> = new Map();

function jsonOf(request: string, regionId: string | undefined, contents?: readonly FramedContent[]): string {
  return jsonObject([
    ['request', request],
    ['regionId', JSON.stringify(regionId)],
    ['contents', JSON.stringify(contents)],
  ]);
}

/** What could not be a region stays what it is in the request, and the gateway reads it there. */
function inRegion(requested: unknown, settings: CallContext['settings']): CallContext['settings'] {
  return isLabel(requested) && requested !== settings.regionId ? { ...settings, regionId: requested } : settings;
}

function checkedPath(operation: CallContext['operation']): string {
  const path = pathOf(operation);
  if (/^(?:\/[\w.-]*\w[\w.-]*){3}$/.test(path)) return path;
  const expected = 'an operation whose product, version and name need no encoding in a path';
  throw new ConfigurationError({ path: 'operation', expected, received: JSON.stringify(path) });
}

function untypedRefused(): ConfigurationError {
  const expected =
    'absent for a call without a descriptor, as a gateway takes the operations that it has descriptors of';
  return new ConfigurationError({ path: 'gateway', expected, received: 'one' });
}
