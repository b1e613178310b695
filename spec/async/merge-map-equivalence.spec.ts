import fc from 'fast-check';
import type { Observable } from 'rxjs';
import {
  asyncScheduler,
  concat,
  EMPTY,
  finalize,
  map,
  mergeMap,
  NEVER,
  of,
  throwError,
  timer,
  type OperatorFunction,
} from 'rxjs';
import { boundedMergeMap } from '../../lib/async/bounded-merge-map.js';
import { marbles } from './marbles.js';
import { seeded } from './seeded.js';

/** What an Observable does: emits after each of the gaps, at once where the gap is 0, and then ends. */
interface Course {
  readonly gaps: readonly number[];
  readonly end: 'complete' | 'error' | 'never';
  /** How long it takes from the last value to the end. */
  readonly rest: number;
}

interface Story {
  readonly source: Course;
  /** What the inner Observables do, one for each value of the source. */
  readonly inners: readonly Course[];
  readonly concurrent: number;
  /** When the output is unsubscribed from. */
  readonly until: number;
}

const gap = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) },
);

const course = (longest: number, failing: number): fc.Arbitrary<Course> =>
  fc.record({
    gaps: fc.array(gap, { maxLength: longest }),
    end: fc.oneof(
      { weight: 20, arbitrary: fc.constant('complete' as const) },
      { weight: failing, arbitrary: fc.constantFrom('error' as const, 'never' as const) },
    ),
    rest: gap,
  });

const story: fc.Arbitrary<Story> = fc.record({
  source: course(12, 4),
  inners: fc.array(course(3, 1), { minLength: 12, maxLength: 12 }),
  concurrent: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(Infinity)),
  until: fc.integer({ min: 1, max: 60 }),
});

describe('boundedMergeMap with room for any number', () => {
  it('does what mergeMap does', () => {
    fc.assert(
      fc.property(story, (story) => {
        const { concurrent } = story;
        const expected = told(story, (project) => mergeMap(project, concurrent));
        const actual = told(story, (project) => boundedMergeMap(project, { concurrent, capacity: Infinity }));

        expect(actual).toEqual(expected);
      }),
      seeded(2000),
    );
  }, 60_000);
});

type Project = (value: number, index: number) => Observable<string>;

/** What happens, and when: what is started, what is emitted, how it ends, and what is finalised. */
function told(story: Story, operator: (project: Project) => OperatorFunction<number, string>) {
  const log: string[] = [];
  const finalised: string[] = [];
  let over = false;
  marbles(() => {
    const tell = (what: string) => {
      if (!over) log.push(`${what} at ${asyncScheduler.now()}`);
    };
    const project: Project = (value, index) => {
      tell(`start ${value} as ${index}`);
      const inner = over ? undefined : story.inners[value];
      if (!inner) return NEVER;
      return play(inner, `inner ${value}`).pipe(
        map((step) => `${value}.${step}`),
        finalize(() => finalised.push(`${value} at ${asyncScheduler.now()}`)),
      );
    };
    const end = (what: string) => {
      tell(what);
      over = true;
    };
    const subscription = play(story.source, 'source')
      .pipe(operator(project))
      .subscribe({
        next: tell,
        error: (error: Error) => end(error.message),
        complete: () => end('complete'),
      });
    timer(story.until).subscribe(() => subscription.unsubscribe());
  });
  return { log, finalised: finalised.sort() };
}

function play({ gaps, end, rest }: Course, name: string): Observable<number> {
  const ends = { complete: EMPTY, error: throwError(() => new Error(name)), never: NEVER };
  const after = <T>(gap: number, then: Observable<T>) => (gap === 0 ? then : timer(gap).pipe(mergeMap(() => then)));
  return concat(...gaps.map((gap, index) => after(gap, of(index))), after(rest, ends[end]));
}
