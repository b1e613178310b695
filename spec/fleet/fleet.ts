/** A fleet on this machine: a Redis, an emulator, and workers and producers that are processes of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildEmulator, type Emulator } from '../../lib/testing/emulator.js';
import type { EmulatorOptions } from '../../lib/testing/options.js';
import { apiError } from '../../lib/testing/api-error.js';
import { ecs } from '../../lib/services/ecs.js';
import { buildProgram, startProgram, type Program } from '../support/program.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { key, type Place } from './place.js';

export interface Fleet {
  readonly redis: RedisServer;
  readonly emulator: Emulator;
  readonly place: Place;
  /** A worker that is ready. @param options What differs from the fleet's place */
  startWorker(options?: Partial<Place>): Promise<Program>;
  /** The same, with a network of its own between it and Redis. */
  startRemoteWorker(options?: Partial<Place>): Promise<RemoteWorker>;
  /** Stands in front of Redis. */
  startNetwork(): Promise<TcpProxy>;
  /** Any program of this folder, with the fleet's place as its first argument. */
  start(name: string, args?: readonly unknown[], options?: Partial<Place>): Program;
  /** Ends all of it: nothing is left then, whatever state it is in. */
  close(): Promise<void>;
}

export interface RemoteWorker {
  readonly program: Program;
  readonly network: TcpProxy;
}

export interface FleetOptions {
  /** The program, as `findRedis` tells it. */
  readonly path: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly place?: Partial<Place>;
  readonly emulator?: EmulatorOptions;
}

export async function startFleet({ path, config = {}, place: given, emulator: options }: FleetOptions): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
  const files = new Map<string, string>();
  const programs: Program[] = [];
  const networks: TcpProxy[] = [];
  const redis = await startRedis({ path, config });
  const emulator = buildEmulator({ credentials: key, ...options }, [], { atHand: [ecs], actions: [] });
  emulator.handle('DescribeZones', () => {
    throw apiError(404, 'InvalidZone.NotFound', 'There is no such zone.');
  });
  const { url } = await emulator.listen();
  const place: Place = {
    connection: { path: redis.socket },
    url,
    queueName: 'fleet',
    prefix: 'bull',
    lockDuration: 1000,
    concurrency: 10,
    clockShift: 0,
    poolSize: 20,
    maxTaskQueueSize: 2000,
    ...given,
  };

  const start: Fleet['start'] = (name, args = [], differences) => {
    const file = files.get(name) ?? buildProgram(`spec/fleet/${name}.ts`, folder);
    files.set(name, file);
    const program = startProgram(file, { ...place, ...differences }, ...args);
    programs.push(program);
    return program;
  };

  const startNetwork: Fleet['startNetwork'] = async () => {
    const network = await startProxy({ path: redis.socket });
    networks.push(network);
    return network;
  };

  const startWorker: Fleet['startWorker'] = async (differences) => {
    const worker = start('worker-main', [], differences);
    await worker.told('ready');
    return worker;
  };

  return {
    redis,
    emulator,
    place,
    start,
    startNetwork,
    startWorker,
    async startRemoteWorker(differences) {
      const network = await startNetwork();
      const connection = { host: '127.0.0.1', port: network.port };
      return { network, program: await startWorker({ ...differences, connection }) };
    },
    async close() {
      await Promise.all(programs.map((program) => program.kill()));
      await Promise.all(networks.map((network) => network.close()));
      await emulator.close();
      await redis.close();
      rmSync(folder, { recursive: true });
    },
  };
}
