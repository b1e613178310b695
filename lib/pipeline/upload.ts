/** Uploads a file to where an operation can read it: authorise, then post to object storage. */
import { concat, defer, distinctUntilChanged, map, Observable, of, switchMap, take, tap } from 'rxjs';
import type { Operation, Service } from '../service.js';
import type { HttpRequest, HttpResponse, Transport } from '../transport/transport.js';
import type { ReadBody } from './caller.js';
import { unreadOf } from './content.js';
import { isSuccess } from './decode.js';
import { multipart } from './multipart.js';
import { serverErrorOf } from './server-error.js';
import { nameOf, type FileField } from './upload-fields.js';

/** How far the upload of a file is. */
export interface UploadProgress {
  readonly kind: 'progress';
  /** The field that holds the file, such as `ImageURL` or `Tasks[0].ImageURL`. */
  readonly field: string;
  /** How many bytes have been sent. */
  readonly loaded: number;
  /** How many there are: the file's, and some around them. */
  readonly total: number;
}

/** Where the file is from now on. */
export interface Uploaded {
  readonly kind: 'uploaded';
  readonly url: string;
}

interface AuthorizeFileUploadRequest {
  readonly Product: string;
  readonly RegionId: string | undefined;
}

/** Where a file may be uploaded, and by whose leave. */
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

export const authorizeFileUpload: Operation<AuthorizeFileUploadRequest, UploadAuthorization> = {
  service: openPlatform,
  action: 'AuthorizeFileUpload',
  method: 'GET',
  query: 'Product:s!,RegionId:s',
  response: '{AccessKeyId:s,Bucket:s,EncodedPolicy:s,Endpoint:s,ObjectKey:s,Signature:s}',
};

/** Posts the file; emits the progress, beginning with nothing, and then where the file is. */
export function post(
  transport: Transport,
  field: FileField,
  { AccessKeyId, Bucket, EncodedPolicy, Endpoint, ObjectKey, Signature }: UploadAuthorization,
  boundary: string,
  readBody: ReadBody,
  action: string,
): Observable<UploadProgress | Uploaded> {
  const form = {
    OSSAccessKeyId: AccessKeyId,
    policy: EncodedPolicy,
    Signature,
    key: ObjectKey,
    success_action_status: '201',
  };
  return readBody({ body: unreadOf(field.content) }, { action, path: nameOf(field) }).pipe(
    switchMap(({ body: content = '' }) => {
      const { contentType, body } = multipart(form, { name: ObjectKey, content }, boundary);
      const headers = { 'content-type': contentType };
      const http = { method: 'POST', url: `${bucketAt('https://', Bucket, Endpoint)}/`, headers, body };
      const progress$ = sent(transport, http, (response) => {
        if (!isSuccess(response)) throw serverErrorOf('PostObject', response, [EncodedPolicy, Signature]);
      }).pipe(
        distinctUntilChanged(),
        map((loaded): UploadProgress => ({ kind: 'progress', field: nameOf(field), loaded, total: body.length })),
      );
      // The host of the URL is read by the service, which takes it without TLS.
      const url = `${bucketAt('http://', Bucket, Endpoint)}/${ObjectKey}`;
      return concat(progress$, of<Uploaded>({ kind: 'uploaded', url }));
    }),
  );
}

/** A storage that says where it is in full, as an emulator does, has no host for each bucket. */
function bucketAt(scheme: string, bucket: string, endpoint: string): string {
  return /^https?:\/\//.test(endpoint) ? `${endpoint}/${bucket}` : `${scheme}${bucket}.${endpoint}`;
}

/** Emits how many bytes are on their way: 0 at once, all of them at the end. */
function sent(
  transport: Transport,
  http: HttpRequest & { readonly body: Uint8Array },
  check: (response: HttpResponse) => void,
): Observable<number> {
  const total = http.body.length;
  return new Observable((subscriber) => {
    subscriber.next(0);
    const onUploaded = (bytes: number): void => subscriber.next(Math.min(bytes, total));
    const end$ = defer(() => transport.send({ ...http, onUploaded })).pipe(
      take(1),
      tap(check),
      map(() => total),
    );
    subscriber.add(end$.subscribe(subscriber));
  });
}
