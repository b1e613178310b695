// The emulator that a session runs against, which tells of itself in an answer.
import { describeAccountAttributes, describeImages, describeInstances } from 'rx-alicloud/ecs';
import { queryTextStreamWithSSE } from 'rx-alicloud/intelligentcreation';
import { createEmulator, emulatorCredentials } from 'rx-alicloud/testing';
import { concat, defer, finalize, map, NEVER, of, Subject, take } from 'rxjs';

export async function openCloud() {
  const emulator = createEmulator();
  const seen = new Set();
  const answers$ = new Subject();
  emulator.handle(describeInstances, () => {
    seen.add('received');
    return NEVER.pipe(finalize(() => seen.add('cancelled')));
  });
  emulator.handle(describeImages, () =>
    defer(() => {
      seen.add('held');
      return answers$.pipe(
        take(1),
        map(() => ({ TotalCount: 0 })),
      );
    }),
  );
  emulator.handle(queryTextStreamWithSSE, () =>
    concat(of({ message: 'one' }, { message: 'two' }), NEVER).pipe(finalize(() => seen.add('closed'))),
  );
  emulator.handle(describeAccountAttributes, () => ({
    AccountAttributeItems: { AccountAttributeItem: [...seen].map((AttributeName) => ({ AttributeName })) },
  }));
  const { url } = await emulator.listen();
  return {
    emulator,
    seen,
    /** Answers the `DescribeImages` that wait for that. */
    answer: () => answers$.next(),
    access: { endpoint: url, ...emulatorCredentials },
    /** As for the first time. */
    reset() {
      seen.clear();
      emulator.reset();
      emulator.inject({ kind: 'throttle', action: 'DescribeZones', times: 1 });
    },
  };
}
