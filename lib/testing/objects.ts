/** Object storage, as far as uploads need it: who was given leave may post one object. */
import { hmacSha1Base64 } from '#sha1';
import { apiError } from './api-error.js';
import type { AnyHandler } from './handlers.js';
import type { Ids } from './ids.js';
import { isOfCloud, type ParsedRequest, type Reply } from './wire.js';

export interface ObjectStore {
  /** By URL: what was uploaded. The oldest are forgotten first. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** Gives leave to upload one object. */
  readonly authorize: AnyHandler;
  /** Takes an object, or refuses it as object storage does, in XML. */
  post(request: ParsedRequest, requestId: string): Reply;
  clear(): void;
}

const endpoint = 'oss-cn-shanghai.aliyuncs.com';
const bucket = 'viapi-customer-temp';
const limit = 100;

/** A form with a file, which is sent to no operation. */
export function isObjectPost({ headers }: ParsedRequest): boolean {
  return headers['content-type']?.startsWith('multipart/form-data') === true && headers['x-acs-action'] === undefined;
}

export function createObjectStore(ids: Ids): ObjectStore {
  const objects = new Map<string, Uint8Array>();
  const [accessKeyId, secret] = [`OSS.${ids.token(16)}`, ids.token(30)];
  return {
    objects,
    clear: () => objects.clear(),
    authorize: ({ headers: { host = '' } }) => {
      const key = `upload/${ids.token(20)}`;
      const policy = btoa(JSON.stringify({ conditions: [['eq', '$key', key]] }));
      return {
        AccessKeyId: accessKeyId,
        Bucket: bucket,
        EncodedPolicy: policy,
        // Whoever was told where the emulator is finds the storage there, too.
        Endpoint: isOfCloud(host) ? endpoint : `http://${host}`,
        ObjectKey: key,
        Signature: hmacSha1Base64(secret, policy),
        UseAccelerate: false,
      };
    },
    post(request, requestId) {
      const { fields, file } = parseMultipart(request);
      const { key = '', policy = '' } = fields;
      const { host = '' } = request.headers;
      const isBucket = isOfCloud(host)
        ? `${host}${request.path}` === `${bucket}.${endpoint}/`
        : request.path === `/${bucket}/`;
      const headers = { 'x-oss-request-id': requestId, 'content-type': 'application/xml' };
      const isAllowed =
        fields.OSSAccessKeyId === accessKeyId &&
        fields.Signature === hmacSha1Base64(secret, policy) &&
        policy === btoa(JSON.stringify({ conditions: [['eq', '$key', key]] }));
      if (!isAllowed || file === undefined || !isBucket) {
        const code = isAllowed ? 'InvalidArgument' : 'AccessDenied';
        const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>The upload was not authorised.</Message><RequestId>${requestId}</RequestId></Error>`;
        return { status: isAllowed ? 400 : 403, headers, body };
      }
      const [oldest] = objects.keys();
      if (oldest !== undefined && objects.size >= limit) objects.delete(oldest);
      objects.set(`http://${host}${request.path}${key}`, file);
      return { status: 201, headers, body: `<PostResponse><Key>${key}</Key></PostResponse>` };
    },
  };
}

/** Throws where the form is not one. A character a byte, so that the places in the text are those in the body. */
function parseMultipart({ headers, body }: ParsedRequest): {
  fields: Readonly<Record<string, string>>;
  file: Uint8Array | undefined;
} {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const text = new TextDecoder('latin1').decode(bytes);
  const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined || !text.trimEnd().endsWith(`--${boundary}--`)) {
    throw apiError(
      400,
      'MalformedPOSTRequest',
      'The body of your POST request is not well-formed multipart/form-data.',
    );
  }
  const fields: Record<string, string> = {};
  let file: Uint8Array | undefined;
  let at = 0;
  for (const part of text.split(`--${boundary}`)) {
    const content = part.indexOf('\r\n\r\n') + 4;
    const name = /content-disposition: form-data; name="([^"]*)"/i.exec(part.slice(0, content))?.[1];
    const end = part.length - 2;
    if (name === 'file') file = bytes.slice(at + content, at + end);
    // What stands behind the file is not read.
    else if (name !== undefined && file === undefined) fields[name] = part.slice(content, end);
    at += part.length + boundary.length + 2;
  }
  return { fields, file };
}
