/** What a call that succeeds, and that nobody watches, does without. It is loaded as one, by `lazy-features.ts` alone. */
import { refuseRequest } from '../codec/explain-request.js';
import { contentReader } from '../codec/read-body.js';
import { learnThrottle } from '../throttling/learn-throttle.js';
import { admission } from './admission.js';
import { tellAttempt, tellDrift } from './attempt-reports.js';
import { BodyProgress } from './body-progress.js';
import { decodeChunks } from './decode-chunks.js';
import { Recovery } from './recovery.js';
import { sendInChunks } from './send-in-chunks.js';
import { watchStats } from './watch-stats.js';

/** One object, as bundlers would make one of a module's exports by code of their own. */
export const features = {
  admission,
  BodyProgress,
  contentReader,
  decodeChunks,
  learnThrottle,
  Recovery,
  refuseRequest,
  sendInChunks,
  tellAttempt,
  tellDrift,
  watchStats,
};
