import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { Gate } from '../../lib/throttling/gate.js';

// However often the gate looks at the clock, the time comes between some two of the looks.
it.each(Array.from({ length: 12 }, (_, looks) => looks))(
  'lets a call go for which the time comes after the clock was looked at %i times',
  (looks) => {
    new TestScheduler(() => undefined).run(({ flush }) => {
      const gate = new Gate(() => undefined);
      const went: number[] = [];
      gate.close(10, undefined);
      let looked = 0;
      const now = jest.spyOn(asyncScheduler, 'now').mockImplementation(() => (looked++ < looks ? 9 : 10));
      gate.enter({ until: Infinity, tooLong: String }).subscribe(() => went.push(1));
      now.mockRestore();
      flush();
      expect(went).toEqual([1]);
    });
  },
);
