import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { Gate } from '../../lib/limiter/gate.js';

it('lets a call go for which the time comes while it is looked whether it has come', () => {
  new TestScheduler(() => undefined).run(({ flush }) => {
    const gate = new Gate(() => undefined);
    const went: number[] = [];
    gate.close(10, undefined);
    // The clock goes on between one look and the next.
    const times = [0, 9, 9, 10, 10, 10];
    const now = jest.spyOn(asyncScheduler, 'now').mockImplementation(() => times.shift() ?? 10);
    gate.enter({ until: Infinity, tooLong: String }).subscribe(() => went.push(1));
    now.mockRestore();
    flush();
    expect(went).toEqual([1]);
  });
});
