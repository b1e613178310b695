import { defer, finalize, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { isAlicloudError } from '../../lib/errors.js';
import type { Diagram, Happening, Row } from './diagram.js';

/** Makes happen what a diagram shows. */
export type Scenario = (stage: Stage) => void;

/** How requests end, in marbles, counted from their start. */
export type Responses = Readonly<Record<string, string>>;

/** What was seen, in the words of the diagram. */
export interface Seen {
  readonly rows: Record<string, Happening[]>;
  /** From when to when each request was subscribed to. */
  readonly requests: Record<string, readonly [start: number, end: number]>;
  /** The codes of the errors, by row. */
  readonly codes: Record<string, string>;
}

/** Plays a scenario in virtual time, a frame for each character, and returns what was seen. */
export function play(diagram: Diagram, scenario: Scenario): Seen {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(({ cold, flush }) => {
    const stage = new Stage(diagram, scheduler, cold);
    scenario(stage);
    flush();
    return stage.seen;
  });
}

export class Stage {
  readonly seen: Seen = { rows: {}, requests: {}, codes: {} };

  constructor(
    readonly diagram: Diagram,
    private readonly scheduler: TestScheduler,
    private readonly cold: (marbles: string) => Observable<string>,
  ) {
    for (const title of diagram.rows.keys()) this.seen.rows[title] = [];
  }

  row(title: string): Row {
    const row = this.diagram.rows.get(title);
    if (row === undefined) throw new Error(`The diagram has no row "${title}"`);
    return row;
  }

  /** Does something at each of a row's happenings. */
  each(title: string, act: (what: string) => void): void {
    for (const [frame, what] of this.row(title).happenings) this.at(frame, () => act(what));
  }

  at(frame: number, act: () => void): void {
    this.scheduler.schedule(act, frame - this.scheduler.now());
  }

  saw(title: string, what: string): void {
    (this.seen.rows[title] ??= []).push([this.scheduler.now(), what]);
  }

  /** Subscribes to `source`, and notes down in a row what comes. Returns how to unsubscribe. */
  watch(title: string, source: Observable<string>): () => void {
    const subscription = source.subscribe({
      next: (value) => this.saw(title, value),
      complete: () => this.saw(title, 'complete'),
      error: (error: unknown) => {
        this.saw(title, 'error');
        this.seen.codes[title] = isAlicloudError(error) ? error.code : String(error);
      },
    });
    return () => subscription.unsubscribe();
  }

  /** A request that notes down its start in its row. */
  request(name: string, responses: Responses): Observable<string> {
    return defer(() => {
      const start = this.scheduler.now();
      this.saw(name, 'start');
      const response$ = this.cold(responses[name] ?? '');
      return response$.pipe(finalize(() => (this.seen.requests[name] = [start, this.scheduler.now()])));
    });
  }
}
