/** What a call that succeeds, and that nobody watches, does without. It is loaded as one, by `lazy-features.ts` alone. */
import { LocationResolver } from '../endpoint/location.js';
import { statsOf } from '../events/stats.js';
import { refuseRequest } from '../codec/explain-request.js';
import { contentReader } from '../codec/read-body.js';
import { untypedCodecs } from '../codec/untyped-codecs.js';
import { Gates } from '../throttling/gates.js';
import { signedV1 } from '../signature/sign-v1.js';
import { writeUnsigned } from '../signature/write-unsigned.js';
import { tellAttempt, tellDrift } from './attempt-reports.js';
import { BodyProgress } from './body-progress.js';
import { decodeChunks } from './decode-chunks.js';
import { locate } from './locate.js';
import { Recovery } from './recovery.js';
import { sendInChunks } from './send-in-chunks.js';
import { uploadFiles } from './upload-files.js';

/** One object, as bundlers would make one of a module's exports by code of their own. */
export const features = {
  BodyProgress,
  contentReader,
  decodeChunks,
  Gates,
  locate,
  LocationResolver,
  Recovery,
  refuseRequest,
  sendInChunks,
  signedV1,
  statsOf,
  tellAttempt,
  tellDrift,
  untypedCodecs,
  uploadFiles,
  writeUnsigned,
};
