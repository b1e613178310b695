/** What comes over HTTP, sent to the services: let in as the emulator lets in, then signed anew. */
import {
  catchError,
  concat,
  connect,
  defer,
  first,
  from,
  ignoreElements,
  map,
  of,
  switchMap,
  take,
  throwError,
  toArray,
  type Observable,
} from 'rxjs';
import type { Credentials, CredentialsProvider } from '../../credentials/credentials.js';
import { knownOriginOf } from '../../endpoint/endpoint.js';
import { parseEndpoint } from '../../endpoint/host-names.js';
import { isServerError, messageOf, type ServerError } from '../../errors.js';
import { catalog } from '../../services/catalog.js';
import { joinBytes } from '../../transport/bytes.js';
import type { HttpHead, HttpRequest, Transport } from '../../transport/transport.js';
import { apiError } from '../api-error.js';
import { createCredentialStore, type EmulatorCredentials } from '../credentials.js';
import type { RequestHandler } from '../request-handler.js';
import { createIds } from '../ids.js';
import { createOperations, type CompiledOperation } from '../operations.js';
import { commonParametersOf } from '../common-parameters.js';
import { errorReply } from '../replies.js';
import { createGate } from '../verify.js';
import { mediaTypeOf, parseRequest, type ParsedRequest, type Reply, type WireRequest } from '../wire.js';
import { regionOf, resigned, unsigned } from './resign.js';

export interface Forwarding {
  readonly transport: Transport;
  readonly credentials: CredentialsProvider | undefined;
  readonly upstream: string | undefined;
  readonly callers: EmulatorCredentials;
}

export function forwarding({ transport, credentials, upstream, callers }: Forwarding): RequestHandler {
  const gate = createGate(createCredentialStore([callers], createIds('record')), new Set());
  const operations = createOperations([], catalog, 0);

  const forward = (wire: WireRequest): Observable<Reply> => {
    refusePages(wire);
    const request = parseRequest(wire);
    const common = commonParametersOf(request);
    const [version, action] = [common.version(), common.action()];
    return operations.find(version, action, request).pipe(
      switchMap((operation) => {
        if (operation === undefined)
          throw apiError(404, 'InvalidAction.NotFound', `No ${action} in version ${version}.`);
        gate.admit(request, common, operation, Date.now());
        const origin = originOf(request, operation, upstream);
        const { signature } = common;
        if (signature === undefined) return of(unsigned(request, origin));
        return credentialsOf(credentials).pipe(
          map((given) => {
            if (!('accessKeyId' in given))
              throw apiError(400, 'CredentialsUnavailable', 'Expected an access key to sign with.');
            return resigned(request, signature, given, origin);
          }),
        );
      }),
      switchMap((signed) => replyTo(transport, signed)),
    );
  };
  return (wire) =>
    defer(() => forward(wire)).pipe(
      catchError((error: unknown) => of(errorReply(toServerError(error), wire, 'record'))),
    );
}

/** A page that somebody happens to look at must not use the credentials of whoever records. */
function refusePages({ headers }: WireRequest): void {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return;
  throw apiError(403, 'Forbidden', 'A recorder is not for pages: it signs what it sends with real credentials.');
}

function credentialsOf(provider: CredentialsProvider | undefined): Observable<Credentials> {
  if (provider !== undefined) return from(provider()).pipe(take(1));
  return throwError(() => apiError(400, 'CredentialsUnavailable', 'The recorder has no `credentials` to sign with.'));
}

function originOf(request: ParsedRequest, { descriptor }: CompiledOperation, upstream: string | undefined): string {
  if (upstream !== undefined) return parseEndpoint(upstream, 'https', 'upstream');
  const origin = knownOriginOf(descriptor.service, { regionId: regionOf(request) ?? 'cn-hangzhou' });
  if (origin !== undefined) return origin;
  throw apiError(400, 'EndpointUnknown', `No host is known for ${descriptor.service.product}: give \`upstream\`.`);
}

/** Events as they come, and anything else whole. */
function replyTo(transport: Transport, request: HttpRequest): Observable<Reply> {
  const part$ = transport.stream?.(request);
  if (part$ === undefined) {
    return transport
      .send(request)
      .pipe(map(({ status, headers, body, bytes }) => ({ status, headers: plain(headers), body: bytes ?? body })));
  }
  return part$.pipe(
    connect((part$) =>
      part$.pipe(
        first(),
        switchMap((part) => {
          // The head is the first part.
          const { status, headers } = part as HttpHead;
          const piece$ = part$ as Observable<Uint8Array>;
          if (mediaTypeOf(headers['content-type']) !== 'text/event-stream') {
            return piece$.pipe(
              toArray(),
              map((pieces) => ({ status, headers: plain(headers), body: joinBytes(pieces) })),
            );
          }
          const decoder = new TextDecoder();
          const more = piece$.pipe(map((piece) => decoder.decode(piece, { stream: true })));
          return concat(of({ status, headers: plain(headers), body: '', more }), piece$.pipe(ignoreElements()));
        }),
      ),
    ),
  );
}

/** Without those of the connection to the service. */
function plain(headers: Readonly<Record<string, string>>): Record<string, string> {
  const ofConnection =
    /^(?:connection|keep-alive|transfer-encoding|content-length|content-encoding|access-control-.*)$/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.test(name)));
}

function toServerError(error: unknown): ServerError {
  return isServerError(error) ? error : apiError(502, 'BadGateway', messageOf(error));
}
