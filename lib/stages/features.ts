/** What few calls need. It is loaded as one, by `lazy-features.ts` alone. */
export { describeEndpoints, LocationResolver } from '../endpoint/location.js';
export { contentReader } from '../pipeline/read-body.js';
export { explain } from '../pipeline/signature-mismatch.js';
export { signedV1 } from '../pipeline/sign-v1.js';
export { writeUnsigned } from '../pipeline/write-unsigned.js';
export { untypedCodecs } from '../pipeline/untyped-codecs.js';
export { decodeChunks } from './decode-chunks.js';
export { uploadFiles } from './upload-files.js';
