import fc from 'fast-check';
import { seeded } from '../async/seeded.js';
import { hooks, outcomeNames, play, type Act, type Reaction, type Script } from './reentrant-session.js';
beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  jest.spyOn(Math, 'random').mockRestore();
  jest.useRealTimers();
});

const call: fc.Arbitrary<Act> = fc.record({
  do: fc.constant('call' as const),
  way: fc.constantFrom('observable', 'observable', 'channels', 'callback'),
  operation: fc.constantFrom('read', 'write', 'writeOnce'),
  deadline: fc.constantFrom(0, 0, 0, 5, 40),
});

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: call },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.option(fc.nat(30), { nil: undefined }) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'throw' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('shutdown' as const),
      options: fc.constantFrom({}, { mode: 'abort' as const }, { timeout: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('enable' as const),
      poolSize: fc.integer({ min: 1, max: 3 }),
      maxTaskQueueSize: fc.integer({ min: 0, max: 3 }),
    }),
  },
);

const reaction: fc.Arbitrary<Reaction> = fc.record({ at: fc.constantFrom(...hooks), after: fc.nat(3), act });

const script: fc.Arbitrary<Script> = fc.record({
  replies: fc.array(fc.record({ outcome: fc.constantFrom(...outcomeNames), after: fc.constantFrom(0, 0, 1, 7) }), {
    maxLength: 30,
  }),
  steps: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: call },
      { weight: 2, arbitrary: act },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), time: fc.integer({ min: 0, max: 40 }) }) },
    ),
    { maxLength: 25, size: 'max' },
  ),
  reactions: fc.array(reaction, { maxLength: 15, size: 'max' }),
});

describe('A client', () => {
  it('ends every call once, and keeps nothing, whatever is done by whoever is told anything', async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(script, async (given) => {
      const { wrongs, ends } = await play(given);
      expect(wrongs).toEqual([]);
      for (const end of ends) seen.add(end);
    });
    await fc.assert(property, seeded(200));

    // Else the scripts would be too tame to show anything.
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'value,end',
        'cancelled',
        'SDK.Aborted',
        'SDK.AsyncFunctionNotEnabled',
        'SDK.AsyncQueueFull',
        'SDK.NetworkError',
        'SDK.Timeout',
        'SDK.Unexpected',
        'InternalError',
      ]),
    );
  }, 600_000);
});
