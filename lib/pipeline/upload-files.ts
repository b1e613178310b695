/** Uploads files to where an operation can read them: authorise, then post to object storage. */
import { randomUUID } from '#platform';
import { concat, defer, filter, map, of, switchMap, tap, type Observable } from 'rxjs';
import { requireOrigin } from '../endpoint/unknown-endpoint.js';
import type { HttpEvent } from '../http-event.js';
import type { Codecs } from '../codec/codecs.js';
import { pendingBodyOf } from '../codec/content.js';
import { isSuccess } from '../codec/decode.js';
import { multipart } from '../codec/multipart.js';
import type { ReadBody } from '../codec/read-body.js';
import { serverErrorOf } from '../codec/server-error.js';
import { fileFieldsOf, nameOf, replaced, type FileField } from '../codec/upload-fields.js';
import type { AnyOperation, Operation, Service } from '../service.js';
import type { CallContext } from './call-context.js';
import { responseOf } from './response-of.js';
import type { Handler } from './stage.js';

/** Emits the progress of each upload, and then what the call itself gives. `check` throws where the request does not fit. */
export function uploadFiles(
  next: Handler,
  call: CallContext,
  check: (call: CallContext) => void,
  readBody: ReadBody,
): Observable<HttpEvent> {
  const { operation, request } = call;
  const files = fileFieldsOf(operation, request);
  if (files.length === 0) return next(call);
  let ready = files.reduce((changed, { keys }) => replaced(changed, keys, 'https://localhost/'), request);
  check(call.withRequest(ready));
  const uploads = files.map((file) =>
    upload(next, call, file, readBody).pipe(
      tap((event) => {
        if ('url' in event) ready = replaced(ready, file.keys, event.url);
      }),
      filter((event): event is HttpEvent => !('url' in event)),
    ),
  );
  return concat(
    ...uploads,
    // What is told of uploads is told of files.
    defer(() => next(call.withRequest(ready))).pipe(filter(({ kind }) => kind !== 'uploadProgress')),
  );
}

interface Uploaded {
  readonly url: string;
}

interface AuthorizeFileUploadRequest {
  readonly Product: string;
  readonly RegionId: string | undefined;
}

/** Where a file may be uploaded, and the authorization to do so. */
export interface UploadAuthorization {
  readonly AccessKeyId: string;
  readonly Bucket: string;
  readonly EncodedPolicy: string;
  readonly Endpoint: string;
  readonly ObjectKey: string;
  readonly Signature: string;
}

const openPlatform: Service = {
  product: 'OpenPlatform',
  version: '2019-12-19',
  endpoints: { prefix: 'openplatform', rule: 'central', regions: {} },
};

const authorizeFileUpload: Operation<AuthorizeFileUploadRequest, UploadAuthorization> = {
  service: openPlatform,
  action: 'AuthorizeFileUpload',
  method: 'GET',
  query: 'Product:s!,RegionId:s',
  response: '{AccessKeyId:s,Bucket:s,EncodedPolicy:s,Endpoint:s,ObjectKey:s,Signature:s}',
};

const postObject: AnyOperation = {
  service: { product: 'Oss', version: '2019-05-17', endpoints: { prefix: 'oss', rule: 'none', regions: {} } },
  action: 'PostObject',
  path: '/',
  anonymous: true,
};

/** Emits the progress, and then where the file is. */
function upload(
  next: Handler,
  call: CallContext,
  file: FileField,
  readBody: ReadBody,
): Observable<HttpEvent | Uploaded> {
  const { settings, operation } = call;
  const request = { Product: operation.upload?.product, RegionId: settings.regionId };
  // It has a host of its own, whatever the call's is.
  const endpoint = new URL(requireOrigin(authorizeFileUpload.service, settings)).origin;
  const ask = { operation: authorizeFileUpload, request, options: undefined };
  return responseOf(() =>
    next(call.child(ask, { requiresAsync: false, codecs: 'tables', observe: 'body' }, { ...settings, endpoint })),
  ).pipe(
    // The response fits its table.
    switchMap((body) => post(next, call, file, body as UploadAuthorization, readBody)),
  );
}

function post(
  next: Handler,
  call: CallContext,
  file: FileField,
  { AccessKeyId, Bucket, EncodedPolicy, Endpoint, ObjectKey, Signature }: UploadAuthorization,
  readBody: ReadBody,
): Observable<HttpEvent | Uploaded> {
  const field = nameOf(file);
  const form = {
    OSSAccessKeyId: AccessKeyId,
    policy: EncodedPolicy,
    Signature,
    key: ObjectKey,
    success_action_status: '201',
  };
  return readBody({ body: pendingBodyOf(file.content) }, { action: call.operation.action, path: field }).pipe(
    switchMap(({ body: content = '' }) => {
      const { contentType, body } = multipart(form, { name: ObjectKey, content }, randomUUID());
      const bucket = new URL(bucketAt('https://', Bucket, Endpoint));
      const codecs: Codecs = {
        protocol: 'unsigned',
        encode: () => ({
          path: bucket.pathname.endsWith('/') ? bucket.pathname : `${bucket.pathname}/`,
          query: new Map(),
          headers: { 'content-type': contentType },
          // The key is the upload's own: to write the object again changes nothing.
          idempotent: true,
          body,
        }),
        decode(response) {
          if (!isSuccess(response)) throw serverErrorOf('PostObject', response, [EncodedPolicy, Signature]);
          return {};
        },
      };
      const kind = { requiresAsync: false, codecs, observe: 'events' } as const;
      const settings = { ...call.settings, endpoint: bucket.origin };
      const posted$ = next(call.child({ operation: postObject, request: {}, options: undefined }, kind, settings)).pipe(
        filter(({ kind: event }) => event === 'uploadProgress'),
        map((event) => ({ ...event, field })),
      );
      // The host of the URL is read by the service, which takes it without TLS.
      return concat(posted$, of<Uploaded>({ url: `${bucketAt('http://', Bucket, Endpoint)}/${ObjectKey}` }));
    }),
  );
}

/** A storage that says where it is in full, as an emulator does, has no host for each bucket. */
function bucketAt(scheme: string, bucket: string, endpoint: string): string {
  return /^https?:\/\//.test(endpoint) ? `${endpoint}/${bucket}` : `${scheme}${bucket}.${endpoint}`;
}
