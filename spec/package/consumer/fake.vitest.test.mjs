// Run by Vitest.
import { EcsClient } from 'rx-alicloud/ecs';
import { fake } from 'rx-alicloud/testing/fake';
import { firstValueFrom, NEVER, of, timer, map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { expect, test, vi } from 'vitest';

test('a fake answers by a spy, and keeps record', async () => {
  const describeRegions = vi.fn(() => of({ RequestId: 'r' }));
  const ecs = fake(EcsClient, { describeRegions, describeZones: NEVER });
  expect(await firstValueFrom(ecs.describeRegions({ AcceptLanguage: 'en-US' }))).toEqual({ RequestId: 'r' });
  expect(describeRegions).toHaveBeenCalledExactlyOnceWith({ AcceptLanguage: 'en-US' }, 0);
  ecs.describeZones({}).subscribe().unsubscribe();
  expect(ecs.calls).toEqual([
    { operation: 'describeRegions', request: { AcceptLanguage: 'en-US' }, outcome: 'completed' },
    { operation: 'describeZones', request: {}, outcome: 'unsubscribed' },
  ]);
});

test('a fake plays marbles, and goes with fake timers', () => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable }) => {
    const ecs = fake(EcsClient, { describeRegions: cold('---(r|)') });
    expectObservable(ecs.describeRegions({})).toBe('---(r|)');
  });
  vi.useFakeTimers();
  const ecs = fake(EcsClient, { describeRegions: () => timer(5000).pipe(map(() => ({ RequestId: 'late' }))) });
  const seen = [];
  ecs.describeRegions({}).subscribe((response) => seen.push(response));
  vi.advanceTimersByTime(5000);
  expect(seen).toEqual([{ RequestId: 'late' }]);
});
