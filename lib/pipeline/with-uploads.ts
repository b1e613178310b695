/** A call that uploads the files in its request first. */
import { catchError, concat, defer, filter, map, switchMap, tap, throwError, timeout, type Observable } from 'rxjs';
import { randomUUID } from '#platform';
import type { CallOptions } from '../call-options.js';
import { originOf } from '../endpoint/endpoint.js';
import { TimeoutError, toAlicloudError } from '../errors.js';
import type { FullResponse } from '../response.js';
import type { AnyOperation } from '../service.js';
import type { CallSettings } from '../settings.js';
import type { Transport } from '../transport/transport.js';
import type { Caller } from './caller.js';
import type { CallRecord } from './record.js';
import { fileFieldsOf, replaced, type FileField } from './upload-fields.js';
import { authorizeFileUpload, post, type UploadAuthorization, type Uploaded, type UploadProgress } from './upload.js';

/** The response of a call that told of other things before. */
export interface ResponseEvent<Response> {
  readonly kind: 'response';
  readonly response: Response;
}

/** Cold. Emits the progress of each upload, and then the response. The request is checked before anything is sent. */
export function callWithUploads(
  pipeline: Caller,
  transport: Transport,
  operation: AnyOperation,
  request: unknown,
  options?: CallOptions,
  record?: CallRecord,
): Observable<UploadProgress | ResponseEvent<FullResponse<unknown>>> {
  return defer(() => {
    const files = fileFieldsOf(operation, request);
    if (files.length === 0) return pipeline.call(operation, request, options, { record }).pipe(map(asEvent));
    let ready = files.reduce((changed, { keys }) => replaced(changed, keys, 'https://localhost/'), request);
    const { settings } = pipeline.prepare(operation, ready, options);
    const uploads = files.map((file) =>
      upload(pipeline, transport, operation, file, settings).pipe(
        tap((event) => {
          if (event.kind === 'uploaded') ready = replaced(ready, file.keys, event.url);
        }),
        filter((event) => event.kind === 'progress'),
      ),
    );
    const response$ = defer(() => pipeline.call(operation, ready, options, { record })).pipe(map(asEvent));
    return concat(...uploads, response$);
  }).pipe(catchError((error: unknown) => throwError(() => toAlicloudError(error))));
}

function asEvent(response: FullResponse<unknown>): ResponseEvent<FullResponse<unknown>> {
  return { kind: 'response', response };
}

function upload(
  pipeline: Caller,
  transport: Transport,
  operation: AnyOperation,
  file: FileField,
  settings: CallSettings,
): Observable<UploadProgress | Uploaded> {
  const { regionId, connectTimeout, readTimeout, timeout: limit, credentials, retry } = settings;
  const request = { Product: operation.upload?.product, RegionId: regionId };
  // It has a host of its own, whatever the call's is.
  const endpoint = originOf(authorizeFileUpload.service, settings);
  const options = { regionId, endpoint, connectTimeout, readTimeout, timeout: limit, credentials, retry };
  return pipeline.call(authorizeFileUpload, request, options).pipe(
    // The response fits its table.
    map(({ body }) => body as UploadAuthorization),
    switchMap((authorization) => {
      const upload$ = post(transport, file, authorization, randomUUID(), pipeline.readBody, operation.action);
      return limit === 0 ? upload$ : upload$.pipe(whileProgressing(limit, operation));
    }),
  );
}

/** However long an upload takes, it must not stand still for longer than a call may take. */
function whileProgressing<T>(limit: number, { action }: AnyOperation): (upload: Observable<T>) => Observable<T> {
  return timeout({
    each: limit,
    with: () => throwError(() => new TimeoutError({ phase: 'attempt', timeout: limit, action })),
  });
}
