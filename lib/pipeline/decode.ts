/** Makes of the answer the operation's response, or refuses it. */
import { rawWhole, readWhole, withBody } from '#answer';
import { switchMap } from 'rxjs';
import type { Misfit } from '../codec/unfit-answer.js';
import type { FullResponse, HttpEvent } from '../http-event.js';
import type { HttpResponse } from '../transport/transport.js';
import type { CallContext } from './call-context.js';
import { isForeignAnswer, refusedAnswer } from './foreign-answer.js';
import { acceptAnswer } from './outcome.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function decode(runtime: Runtime): Stage {
  return (next) => (call) => {
    if (!call.answersInChunks) return readWhole(next(call), (answer) => decodeWhole(runtime, call, answer));
    return runtime.lazyFeatures.features$.pipe(
      switchMap(({ decodeChunks }) =>
        decodeChunks(next, call, {
          accept: (head) => acceptAnswer(runtime, call, head),
          decode: (answer) => decodeBody(runtime, call, answer),
        }),
      ),
    );
  };
}

function decodeWhole(runtime: Runtime, call: CallContext, answer: FullResponse<unknown>): HttpEvent {
  const { attempt, timeline } = call;
  attempt.answer = answer;
  const raw = rawWhole(answer);
  if (isForeignAnswer(call, answer)) throw refusedAnswer(call, raw);
  const body = decodeBody(runtime, call, raw);
  timeline.whole = true;
  acceptAnswer(runtime, call, answer);
  return withBody(answer, body, call, runtime.options);
}

/** Throws where it is not the operation's response. What has drifted is told, or thrown if strict. */
function decodeBody({ reporter, lazyFeatures }: Runtime, call: CallContext, answer: HttpResponse): unknown {
  const tell = (misfit: Misfit): void => {
    if (!reporter.observed) return;
    lazyFeatures.features$.subscribe({
      next: ({ tellDrift }) => tellDrift(reporter, call, misfit),
      // Nobody can be told, and the call goes on.
      error: () => undefined,
    });
  };
  return call.plan.decode(answer, call.settings.strict ? undefined : tell);
}
