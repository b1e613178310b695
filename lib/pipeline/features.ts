/** What a call that succeeds, and that nobody watches, does without. It is loaded as one, by `lazy-features.ts` alone. */
export { Gates } from '../limiter/gates.js';
export { tellAttempt, tellDrift } from './attempt-reports.js';
export { BodyProgress } from './body-progress.js';
export { Recovery } from './recovery.js';
export { describeEndpoints, LocationResolver } from '../endpoint/location.js';
export { refuseRequest } from '../codec/explain-request.js';
export { contentReader } from '../codec/read-body.js';
export { signedV1 } from '../signature/sign-v1.js';
export { writeUnsigned } from '../signature/write-unsigned.js';
export { untypedCodecs } from '../codec/untyped-codecs.js';
export { decodeChunks } from './decode-chunks.js';
export { sendInChunks } from './send-in-chunks.js';
export { uploadFiles } from './upload-files.js';
