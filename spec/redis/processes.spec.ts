/** Gates that are shared by real processes, whose clocks agree on nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, interval, map } from 'rxjs';
import { buildProgram, startProgram, type Program } from '../support/program.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import type { Library } from './support.js';

describeWithRedis('gates of several processes', (path) => {
  let server: RedisServer;
  let folder: string;
  let programs: readonly [Program, Program, Program];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gates-'));
    const file = buildProgram('spec/redis/gate-main.ts', folder);
    server = await startRedis({ path });
    const start = (hours: number): Program => startProgram(file, server.socket, hours);
    programs = [start(-7), start(0), start(5)];
    await Promise.all(programs.map((program) => ask(program, 'open', 'DescribeZones')));
  });
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const ask = <T>(program: Program, deed: string, action: string, wait = 0): Promise<T> => {
    program.send({ deed, action, wait });
    return program.told<T>(`${deed} ${action}`);
  };

  it("are closed for as long as the server asked, whatever a process' clock says", async () => {
    const [early, exact, late] = programs;
    await ask(exact, 'close', 'DescribeDisks', 60_000);
    for (const program of [early, late]) {
      const estimates$ = program.messages$.pipe(
        map((message) => Number((message as Record<string, unknown>)['estimate DescribeDisks'] ?? -1)),
        filter((estimate) => estimate !== -1),
      );
      // Until it has heard of it.
      const asking = interval(1).subscribe(() => program.send({ deed: 'estimate', action: 'DescribeDisks' }));
      const estimate = await firstValueFrom(estimates$);
      asking.unsubscribe();
      expect(estimate).toBeGreaterThan(0);
      expect(estimate).toBeLessThanOrEqual(60_000);
    }
  });

  it('hand on the probe of one that is killed', async () => {
    const [early, exact, late] = programs;
    await ask(exact, 'close', 'DescribeRegions', 50);
    const went: Program[] = [];
    const both = [early, late].map((program) =>
      ask(program, 'admit', 'DescribeRegions').then(
        () => went.push(program),
        () => 'killed',
      ),
    );
    await Promise.race(both);
    const [first] = went;
    expect(went).toHaveLength(1);
    await first?.kill();
    await Promise.all(both);
    expect(went).toHaveLength(2);
    const [, second] = went;
    if (second !== undefined) await ask(second, 'succeed', 'DescribeRegions');
    await ask(exact, 'admit', 'DescribeRegions');
  });

  it.each<Library>(['ioredis', 'node-redis'])('keep none alive whose owner has closed its %s', async (library) => {
    const program = startProgram(buildProgram('spec/redis/closing-main.ts', folder), library, server.socket);
    await program.told('closed');
    expect(await program.ended).toBe(0);
  });
});
