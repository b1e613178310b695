/** What the path and the headers of a request ask for. */
import { attemptHeader } from '../gateway-protocol/headers.js';
import type { AllowedOperation } from './allow.js';

import { operationPath, type Operations } from './operations.js';
import { bodyKindOf, type BodyKind } from './read-call.js';
import { GatewayRefusal, invalid } from './refusal.js';

export interface CheckedHead {
  readonly allowed: AllowedOperation;
  readonly kind: BodyKind;
  readonly attemptId: string;
}

export interface HeadSettings {
  readonly path: string;
  readonly operations: Operations;
}

export function checkHead(url: URL, request: Request, { path, operations }: HeadSettings): CheckedHead {
  if (!url.pathname.startsWith(`${path}/`)) throw notFound();
  if (request.method !== 'POST') throw new GatewayRefusal('Gateway.MethodNotAllowed', 'Expected the method POST');
  // Also an empty one: none is sent by any client.
  if (request.url.includes('?')) throw invalid('The path has a query');
  const below = url.pathname.slice(path.length);
  if (!operationPath.test(below)) throw notFound();
  const allowed = operations.find(below, request.headers.get('accept'));
  if (allowed === undefined) throw new GatewayRefusal('Gateway.OperationNotAllowed', 'The operation is not allowed');
  const kind = bodyKindOf(request);
  const attemptId = request.headers.get(attemptHeader) ?? '';
  if (!uuid.test(attemptId)) throw invalid(`Expected the header ${attemptHeader} to be a UUID in lower case`);
  return { allowed, kind, attemptId };
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

function notFound(): GatewayRefusal {
  return new GatewayRefusal('Gateway.NotFound', 'There is no such path');
}
