import { range } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { RateLimiter } from '../../lib/limiter/limiter.js';
import { ok, play, read, throttle, write } from './support.js';

const forTwoSeconds = throttle({ 'x-acs-retry-after': '2000' });

describe('a throttle', () => {
  it('holds the calls of its kind back, and one goes first', () => {
    play([forTwoSeconds, [100, ok()]], {}, ({ client, transport, run, flush }) => {
      const endings = [0, 1, 2, 3].map(() => run(client.call(read, {})));
      flush();
      expect(endings.map(({ values }) => values)).toEqual(Array(4).fill([{ N: 1 }]));
      // The first met the wall; at 2000 it goes again, alone, and then the others follow.
      expect(transport.times).toEqual([0, 2000, 2100, 2100, 2200]);
    });
  });

  it('lets other operations go on', () => {
    play([forTwoSeconds, ok()], {}, ({ client, run, flush }) => {
      run(client.call(read, {}));
      expect(run(client.call(write, {})).at).toBe(0);
      flush();
    });
  });

  it('holds nothing back where the limiter is off: each waits by itself', () => {
    play([forTwoSeconds, ok()], { limiter: false }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      run(client.call(read, {}));
      flush();
      expect(transport.times).toEqual([0, 0, 2000]);
    });
  });

  it('is heard of by all clients that share a limiter', () => {
    const limiter = new RateLimiter();
    play([forTwoSeconds, ok()], { limiter }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      const other = new AlicloudClient({
        regionId: 'cn-hangzhou',
        credentials: accessKey('LTAI5tId', 'the-secret'),
        transport,
        limiter,
      });
      const elsewhere = new AlicloudClient({
        regionId: 'cn-beijing',
        credentials: accessKey('LTAI5tId', 'the-secret'),
        transport,
        limiter,
      });
      const [held, free] = [run(other.call(read, {})), run(elsewhere.call(read, {}))];
      flush();
      expect([held.at, free.at]).toEqual([2000, 0]);
    });
  });

  it('refuses a call at once whose deadline comes first', () => {
    play([forTwoSeconds, ok()], {}, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      const ending = run(client.call(read, {}, { deadline: 1000 }));
      flush();
      expect(ending).toMatchObject({ at: 0, error: { code: 'SDK.Throttled' } });
      expect(transport.sent).toHaveLength(2);
    });
  });
});

it('a quota that is used up holds calls back before they are refused', () => {
  const spent = ok({ 'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:500,Reset:1' });
  play([spent, ok()], {}, ({ client, transport, run, flush, events }) => {
    run(client.call(read, {}));
    run(client.call(read, {}));
    flush();
    expect(transport.times).toEqual([0, 500]);
    expect(events.filter(({ type }) => type === 'throttled')).toHaveLength(1);
  });
});

it('a call that waits for the limiter gives its place up when it is unsubscribed from', () => {
  play([forTwoSeconds, ok()], {}, ({ client, transport, run, flush, scheduler }) => {
    run(client.call(read, {}));
    const subscription = client.call(read, {}).subscribe();
    scheduler.schedule(() => subscription.unsubscribe(), 1000);
    flush();
    expect(transport.times).toEqual([0, 2000]);
  });
});

it('a hundred calls that meet the wall together all get through', () => {
  play([...Array<typeof forTwoSeconds>(10).fill(forTwoSeconds), ok()], {}, ({ client, run, flush }) => {
    const endings: ReturnType<typeof run>[] = [];
    range(0, 100).subscribe(() => endings.push(run(client.call(read, {}))));
    flush();
    expect(endings.filter(({ values }) => values.length === 1)).toHaveLength(100);
  });
});
