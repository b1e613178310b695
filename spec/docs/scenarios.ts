import { finalize, map, Subject, take, tap, type Observable } from 'rxjs';
import { AsyncMode } from '../../lib/async/async-mode.js';
import { boundedMergeMap, type QueuePlace } from '../../lib/async/bounded-merge-map.js';
import { mergeMapFrom } from '../../lib/async/merge-map-from.js';
import { paging } from '../../lib/paging/paging.js';
import type { ShutdownOptions } from '../../lib/async/shutdown-options.js';
import { numberIn, type Diagram } from './diagram.js';
import type { Responses, Scenario, Stage } from './stage.js';
import type { QueueDiscipline } from '../../lib/queues/discipline.js';
import { dispatched } from '../async/through.js';

/** The values of the row "source" through `boundedMergeMap`, with the sizes that the box gives. */
export function operator(responses: Responses, overflow?: (value: string) => Observable<string>): Scenario {
  return (stage) => {
    const waiting = new Map<string, QueuePlace>();
    const source = new Subject<string>();
    const bounded = boundedMergeMap<string, Observable<string>, string>((name) => inner(stage, name, responses), {
      concurrent: numberIn(stage.diagram, 'concurrent'),
      capacity: numberIn(stage.diagram, 'capacity'),
      queued: (name, place) => waiting.set(name, place),
      ...(overflow && { dropped: overflow }),
    });
    const cutOff = finalize<string>(() => {
      for (const [name, place] of waiting) {
        if (!(name in stage.seen.requests) && !place.remove()) stage.saw(name, '×');
      }
    });
    stage.watch('output', source.pipe(bounded, cutOff));
    stage.each('source', (what) => {
      stage.saw('source', what);
      if (what === 'complete') source.complete();
      else source.next(what);
    });
  };
}

/** The values of the row "pulled", handed out when they are asked for. */
export function pulling(responses: Responses): Scenario {
  return (stage) => {
    function* values() {
      for (const name of Object.keys(responses)) {
        stage.saw('pulled', name);
        yield name;
      }
      stage.saw('pulled', 'complete');
    }
    const concurrent = Number(/, (\d+)\)$/.exec(stage.diagram.box)?.[1]);
    stage.watch(
      'output',
      mergeMapFrom(values(), (name) => inner(stage, name, responses), concurrent),
    );
  };
}

/** A list of pages of two, each a row, of which as many items are taken as the box says. */
export function listing(responses: Responses): Scenario {
  const pages = 'Things page=Page size=Size total=Total';
  const service = { product: 'Things', version: '', endpoints: { prefix: '', rule: 'none', regions: {} } } as const;
  const things = ['a', 'b', 'c', 'd', 'e', 'f'];
  return (stage) => {
    const call = (_operation: unknown, request: unknown): Observable<unknown> => {
      const { Page = 1 } = request as { Page?: number };
      const row = `page ${Page}`;
      const Things = things.slice(Page * 2 - 2, Page * 2);
      return stage.request(row, responses).pipe(
        tap({ next: () => stage.saw(row, Things.join(' ')), complete: () => stage.saw(row, 'complete') }),
        map(() => ({ Things, Page, Size: 2, Total: things.length })),
      );
    };
    const items$ = paging.items({ call }, { service, action: 'ListThings', pages }, { Size: 2 }, undefined);
    const count = Number(/take\((\d+)\)/.exec(stage.diagram.box)?.[1]);
    stage.watch('output', items$.pipe(take(count), map(String)));
  };
}

/** What calls in the async mode do beside what the diagram says. */
export interface Script {
  readonly responses: Responses;
  /** Made through channels; all others are plain Observables. */
  readonly chan?: readonly string[];
  /** Made from within the handler of another one's response. */
  readonly handler?: Readonly<Record<string, string>>;
  /** What the box says of it, of calls by their names. */
  readonly queue?: QueueDiscipline<{ readonly name: string }>;
}

/**
 * The calls of the row "calls" in an async mode of the sizes that the box gives. A call is unsubscribed from at its ×,
 * `shutdown` is called where its row begins, `enableAsync` where its row says so, and what the row "client" says is done to it.
 */
export function asyncMode({ responses, chan = [], handler = {}, queue }: Script): Scenario {
  return (stage) => {
    const mode = new AsyncMode();
    const { box } = stage.diagram;
    const most = box.includes('maxTaskQueueSize') ? numberIn(stage.diagram, 'maxTaskQueueSize') : undefined;
    const enable = () => mode.enable(numberIn(stage.diagram, 'poolSize'), most, { queue: queue as never });
    const call = (name: string) => {
      stage.saw('calls', name);
      const request$ = stage.request(name, responses);
      const call$ = mode.run(Object.assign(dispatched(false, chan.includes(name)), { name }), () => request$);
      const next = handler[name];
      const cancel = stage.watch(name, next === undefined ? call$ : call$.pipe(tap(() => call(next))));
      for (const [frame] of stage.row(name).happenings.filter(([, what]) => what === '×')) {
        stage.at(frame, () => {
          cancel();
          stage.saw(name, '×');
        });
      }
    };

    enable();
    stage.each('calls', (name) => {
      if (!Object.values(handler).includes(name)) call(name);
    });
    if (stage.diagram.rows.has('shutdown')) {
      stage.at(stage.row('shutdown').from, () => {
        const left$ = mode.shutdown(shutdownOptions(stage.diagram));
        stage.watch('shutdown', left$.pipe(map(({ running, waiting }) => `${running}+${waiting}`)));
      });
    }
    if (stage.diagram.rows.has('client')) {
      stage.each('client', (what) => {
        if (what === 'resize') mode.resize(Number(/resize\((\d+)\)/.exec(box)?.[1]), undefined);
        else mode.suspend(what === 'pause');
        stage.saw('client', what);
      });
    }
    if (stage.diagram.rows.has('enableAsync')) {
      stage.each('enableAsync', (what) => {
        enable();
        stage.saw('enableAsync', what);
      });
    }
  };
}

/** A request whose row tells all that becomes of it. */
function inner(stage: Stage, name: string, responses: Responses): Observable<string> {
  return stage.request(name, responses).pipe(
    tap({
      next: (value) => stage.saw(name, value),
      complete: () => stage.saw(name, 'complete'),
      error: () => stage.saw(name, 'error'),
      unsubscribe: () => stage.saw(name, '×'),
    }),
  );
}

function shutdownOptions(diagram: Diagram): ShutdownOptions {
  if (diagram.box.includes("shutdown({ mode: 'abort' })")) return { mode: 'abort' };
  if (diagram.box.includes('shutdown({ timeout: ')) return { timeout: numberIn(diagram, 'timeout') };
  if (diagram.box.includes('shutdown()')) return {};
  throw new Error(`"${diagram.box}" does not say how it is shut down`);
}
