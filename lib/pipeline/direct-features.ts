/** What few of the calls need that are sent directly. It is loaded as one, by `lazy-features.ts` alone. */
import { untypedCall } from '../codec/untyped.js';
import { untypedCodecs } from '../codec/untyped-codecs.js';
import { LocationResolver } from '../endpoint/location.js';
import { signedV1 } from '../signature/sign-v1.js';
import { writeUnsigned } from '../signature/write-unsigned.js';
import { locate } from './locate.js';
import { uploadFiles } from './upload-files.js';
import { warnOfAccessKey } from './warn-of-access-key.js';

/** One object, as bundlers would make one of a module's exports by code of their own. */
export const directFeatures = {
  locate,
  LocationResolver,
  signedV1,
  untypedCall,
  untypedCodecs,
  uploadFiles,
  warnOfAccessKey,
  writeUnsigned,
};
