/** A form with a file in it, as object storage takes it: `multipart/form-data`. */
import { joinBytes } from '../transport/bytes.js';

export interface Multipart {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** The file comes last: what stands behind it is not read. `boundary` must occur in none of the parts. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  file: { readonly name: string; readonly content: string | Uint8Array },
  boundary: string,
): Multipart {
  const encoder = new TextEncoder();
  const heads = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const fileHead =
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${file.name.replace(/["\r\n]/g, '_')}"\r\n` +
    'content-type: application/octet-stream\r\n\r\n';
  const content = typeof file.content === 'string' ? encoder.encode(file.content) : file.content;
  const body = joinBytes([
    encoder.encode(heads.join('') + fileHead),
    content,
    encoder.encode(`\r\n--${boundary}--\r\n`),
  ]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}
