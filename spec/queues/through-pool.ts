import { Observable, Subject, type Subscription } from 'rxjs';
import { Pool } from '../../lib/async/pool.js';
import { isClientError } from '../../lib/errors.js';
import type { AdaptiveSize, QueueDiscipline } from '../../lib/queues/discipline.js';
import { openList } from '../../lib/queues/open-list.js';
import type { OpenQueue } from '../../lib/queues/waiting-list.js';
import { dispatched } from '../async/through.js';

/** A call of these specs: its name says its key, its priority and its weight, as `a`, `a2` or `b10`. */
export interface Named {
  readonly name: string;
}

export const keyOf = ({ name }: Named): string => name.replace(/\d.*$/, '');
export const numberOf = ({ name }: Named): number => Number(/\d+/.exec(name)?.[0] ?? 0);

export interface Desk {
  readonly pool: Pool;
  /** Names, in the order in which they were started. */
  readonly started: string[];
  /** What those who called were told: `a: response`, `b: SDK.AsyncQueueFull`. */
  readonly told: string[];
  /** `then` is done by the caller on hearing of it. */
  readonly call: (name: string, then?: () => void) => Subscription;
  readonly answer: (name: string) => void;
}

/** A pool whose calls are answered by hand. */
export function poolWith(
  poolSize: number | AdaptiveSize<Named>,
  maxTaskQueueSize: number,
  queue?: QueueDiscipline<Named>,
  emptied?: () => void,
): Desk {
  const open: OpenQueue<never> = queue?.open ?? openList;
  const [size, governed]: [number, OpenQueue<never>] =
    typeof poolSize === 'number' ? [poolSize, open] : [poolSize.min, poolSize.govern(open)];
  const pool = new Pool(size, maxTaskQueueSize, emptied, governed);
  const answers = new Map<string, Subject<string>>();
  const started: string[] = [];
  const told: string[] = [];
  return {
    pool,
    started,
    told,
    call(name, then) {
      const answer = new Subject<string>();
      const call$ = new Observable<string>((subscriber) => {
        started.push(name);
        answers.set(name, answer);
        return answer.subscribe(subscriber);
      });
      const tell = (what: string): void => {
        told.push(`${name}: ${what}`);
        then?.();
      };
      return pool
        .run(Object.assign(dispatched(), { name }), () => call$)
        .subscribe({
          next: tell,
          error: (error: unknown) => tell(isClientError(error) ? error.code : String(error)),
        });
    },
    answer(name) {
      const answer = answers.get(name);
      answers.delete(name);
      answer?.next('response');
      answer?.complete();
    },
  };
}

/** Answers what runs, the one that was started first first, until nothing runs. */
export function answerAll({ started, answer }: Desk): void {
  for (const name of started) answer(name);
}
