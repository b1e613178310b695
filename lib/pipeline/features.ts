/** What few calls need. It is loaded as one, by `lazy-features.ts` alone. */
export { describeEndpoints, LocationResolver } from '../endpoint/location.js';
export { foreignFailure } from './foreign-failure.js';
export { contentReader } from '../codec/read-body.js';
export { explain } from '../signature/explain-mismatch.js';
export { signedV1 } from '../signature/sign-v1.js';
export { writeUnsigned } from '../signature/write-unsigned.js';
export { untypedCodecs } from '../codec/untyped-codecs.js';
export { decodeChunks } from './decode-chunks.js';
export { uploadFiles } from './upload-files.js';
