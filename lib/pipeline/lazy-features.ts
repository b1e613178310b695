import { loadDirectFeatures, loadFeatures, loadPaging } from '#features';
import { lazily } from '../platform/lazily.js';

/**
 * What a call that succeeds does without, beside it what few calls need that are sent directly, and what reads lists. In Node
 * they are there at once; a browser loads each with the first call that needs it.
 */
export class LazyFeatures {
  readonly features$ = lazily(() => loadFeatures());
  readonly paging$ = lazily(() => loadPaging());
  readonly directFeatures$ = lazily(() => loadDirectFeatures());
}
