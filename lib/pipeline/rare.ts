/** What few calls need. It is loaded as one, by `on-demand.ts` alone. */
export { describeEndpoints, LocationResolver } from '../endpoint/location.js';
export { contentReader } from './read-body.js';
export { explain } from './signature-mismatch.js';
export { signedV1 } from './sign-v1.js';
export { eventsOf, piecesOf } from './streams.js';
export { untypedCodecs } from './untyped-codecs.js';
export { callWithUploads } from './with-uploads.js';
