/** Under Zone.js, which frameworks ask whether a page is rendered: it is when its calls have ended. */
import 'zone.js/node';
import type {} from 'zone.js';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { listAnimals } from '../types/operations.js';
import { Setting } from './support.js';

/** Resolves when nothing is left in the zone, as Angular's `whenStable` does, with what was told in between. */
function stabilise(work: (tell: (what: unknown) => void) => void): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const told: unknown[] = [];
    const zone = Zone.current.fork({
      name: 'page',
      onHasTask(delegate, _current, target, state) {
        delegate.hasTask(target, state);
        // Zone.js tells of micro and macro tasks apart.
        if (!state.microTask && !state.macroTask) resolve(told);
      },
      onHandleError: (_delegate, _current, _target, error) => (reject(error as Error), false),
    });
    zone.run(() => work((what) => told.push(what === Zone.current.name ? what : [what, Zone.current.name])));
  });
}

describe('a page in a zone', () => {
  const at = new Setting();
  afterEach(() => at.end());

  const clientAt = (url: string): AlicloudClient =>
    new AlicloudClient({
      endpoint: url,
      regionId: 'cn-hangzhou',
      credentials: accessKey('id', 'secret'),
      idleTimeout: 3_600_000,
    });

  it('is rendered as soon as its call has ended, whatever keeps the connection', async () => {
    await at.begin((_request, response) => response.end('{}'));
    const client = clientAt(at.url);
    const told = await stabilise((tell) =>
      client.call(listAnimals).subscribe({ next: () => tell('next'), complete: () => tell('complete') }),
    );
    expect(told).toEqual([
      ['next', 'page'],
      ['complete', 'page'],
    ]);
    // An idle connection is reused from another page.
    const again = await stabilise((tell) => client.call(listAnimals).subscribe({ complete: () => tell('complete') }));
    expect(again).toEqual([['complete', 'page']]);
    expect(at.loopback.seen).toHaveLength(2);
    client.close();
  });

  it('waits for a call that is under way', async () => {
    let answer: (() => void) | undefined;
    await at.begin((_request, response) => void (answer = () => response.end('{}')));
    const client = clientAt(at.url);
    let isStable = false;
    const stable = stabilise((tell) => client.call(listAnimals).subscribe(() => tell('next'))).then(
      (told) => ((isStable = true), told),
    );
    while (answer === undefined) await new Promise(setImmediate);
    expect(isStable).toBe(false);
    answer();
    expect(await stable).toEqual([['next', 'page']]);
    client.close();
  });
});
