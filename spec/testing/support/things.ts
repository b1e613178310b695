/** A product made up for the specs, with one operation for each way in which operations differ. */
import type { Operation, Service } from '../../../lib/service.js';
import { buildEmulator, type Emulator } from '../../../lib/testing/emulator.js';
import type { EmulatorOptions } from '../../../lib/testing/options.js';
import { keys } from './signer.js';

const service: Service = {
  product: 'Things',
  version: '2020-01-01',
  endpoints: { prefix: 'things', rule: 'regional', regions: {} },
};

export interface DescribeThings {
  RegionId?: string;
  PageSize?: number;
  Tag?: { Key?: string; Value?: string }[];
}

export interface Things {
  RequestId?: string;
  TotalCount?: number;
  Things?: { Thing?: { ThingId?: string; Name?: string }[] };
}

export const describeThings: Operation<DescribeThings, Things> = {
  service,
  action: 'DescribeThings',
  query:
    'RegionId:s,PageSize:n,Deep:b,Owner:l,Tag:[{Key:s!,Value:s}],Filter:<s>,Config:{Size:n}~j,Ids:[s]~c,"Disk.Size":n',
  response: '{RequestId:s,TotalCount:n,NextToken:s,Things:{Thing:[{ThingId:s,Name:s,CreationTime:s}]}}',
};

export const createThing: Operation<{ Name: string; Parts?: string[] }, { RequestId?: string; ThingId?: string }> = {
  service,
  action: 'CreateThing',
  query: 'RegionId:s!',
  body: 'Name:s!,Parts:[s]',
  response: '{RequestId:s,ThingId:s}',
};

export const updateCluster: Operation<{ ClusterId: string }, never> = {
  service,
  action: 'UpdateCluster',
  method: 'PUT',
  path: '/clusters/{ClusterId}/config',
  query: 'dry_run:b',
  header: 'x-acs-mode:s',
  body: 'size:n!,labels:<s>,nodes:[{name:s!}]',
};

export const listClusters: Operation<object, { name?: string }[]> = {
  service,
  action: 'ListClusters',
  method: 'GET',
  path: '/clusters',
  response: '#c={name:s,parent:$c,children:[$c]};[$c]',
};

export const putRules: Operation<object, { request_id?: string }> = {
  service,
  action: 'PutRules',
  method: 'POST',
  path: '/rules',
  body: 'body=[{name:s!}]!',
  response: '{request_id:s}',
};

export const readLog: Operation<object, string> = {
  service,
  action: 'ReadLog',
  method: 'GET',
  path: '/log',
  response: 's',
  responseType: 'text',
};

export const openDoor: Operation<object, { RequestId?: string }> = {
  service,
  action: 'OpenDoor',
  query: 'Key:s',
  response: '{RequestId:s}',
  anonymous: true,
  protocol: 'V1',
};

const operations = { describeThings, createThing, updateCluster, listClusters, putRules, readLog, openDoor };

/** An emulator that knows this product only, and the key that the specs sign with. */
export function thingsEmulator(options: EmulatorOptions = {}): Emulator {
  return buildEmulator({ credentials: keys, services: [{ service, operations }], ...options }, []);
}

/** A clock that stands still until it is set. */
export function stoppedClock(start = Date.UTC(2024, 4, 1)): { (): number; advance(ms: number): void } {
  let now = start;
  return Object.assign(() => now, { advance: (ms: number) => void (now += ms) });
}
