import { finalize, Subject } from 'rxjs';
import { takeUntilAborted } from '../../lib/interop/take-until-aborted.js';
import type { Scenario } from './stage.js';

/** The values of the row "source" through `takeUntilAborted`, whose signal is aborted where the row "signal" says so. */
export const aborting: Scenario = (stage) => {
  const controller = new AbortController();
  const source = new Subject<string>();
  const watched = source.pipe(finalize(() => stage.saw('source', '×')));
  stage.watch('output', watched.pipe(takeUntilAborted(controller.signal)));
  stage.each('source', (what) => {
    if (what === '×') return;
    stage.saw('source', what);
    source.next(what);
  });
  stage.each('signal', (what) => {
    stage.saw('signal', what);
    controller.abort();
  });
};
