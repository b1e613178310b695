/** How the emulated ECS starts, stops, reboots and deletes instances, one or many at a time. */
import { isServerError } from '../../errors.js';
import { apiError } from '../api-error.js';
import { refuseDryRun } from './dry-run.js';
import { statusOf, type Instance, type Instances, type Status } from './instances.js';

/** What can be done to an instance. */
export type Change = 'start' | 'stop' | 'reboot';

export interface BatchRequest {
  readonly InstanceId: readonly string[];
  readonly BatchOptimization?: string | undefined;
  readonly DryRun?: boolean | undefined;
}

export type ChangeRequest = Pick<BatchRequest, 'DryRun'>;

export interface DeleteRequest extends ChangeRequest {
  readonly Force?: boolean | undefined;
}

export interface BatchResponse {
  InstanceResponses: { InstanceResponse: InstanceResponse[] };
}

export interface InstanceResponse {
  InstanceId: string;
  Code: string;
  Message: string;
  PreviousStatus: string;
  CurrentStatus: string;
}

const changes: Readonly<Record<Change, { readonly from: Status; readonly status: Status; readonly settled: Status }>> =
  {
    start: { from: 'Stopped', status: 'Starting', settled: 'Running' },
    stop: { from: 'Running', status: 'Stopping', settled: 'Stopped' },
    reboot: { from: 'Running', status: 'Starting', settled: 'Running' },
  };

export function changeOne(instances: Instances, change: Change, id: string, request: ChangeRequest, now: number): void {
  const instance = instances.get(id);
  check(instance, change, now);
  refuseDryRun(request);
  apply(instances, instance, change, now);
}

/** All or none, unless the request wants as many as possible (`SuccessFirst`); an unknown id refuses the whole request. */
export function changeMany(instances: Instances, change: Change, request: BatchRequest, now: number): BatchResponse {
  const chosen = request.InstanceId.map((id) => instances.get(id));
  if (request.BatchOptimization !== 'SuccessFirst') for (const instance of chosen) check(instance, change, now);
  refuseDryRun(request);
  return {
    InstanceResponses: { InstanceResponse: chosen.map((instance) => attempt(instances, instance, change, now)) },
  };
}

export function deleteMany(instances: Instances, ids: readonly string[], request: DeleteRequest, now: number): void {
  const chosen = ids.map((id) => instances.get(id));
  for (const instance of chosen)
    if (!request.Force && statusOf(instance, now) !== 'Stopped') throw incorrectStatus(instance, now);
  refuseDryRun(request);
  for (const instance of chosen) instances.delete(instance);
}

function attempt(instances: Instances, instance: Instance, change: Change, now: number): InstanceResponse {
  const PreviousStatus = statusOf(instance, now);
  const facts = { InstanceId: instance.id, PreviousStatus };
  try {
    check(instance, change, now);
  } catch (error) {
    if (!isServerError(error)) throw error;
    return { ...facts, Code: error.code, Message: error.message, CurrentStatus: PreviousStatus };
  }
  apply(instances, instance, change, now);
  return { ...facts, Code: '200', Message: 'success', CurrentStatus: changes[change].status };
}

function check(instance: Instance, change: Change, now: number): void {
  if (statusOf(instance, now) !== changes[change].from) throw incorrectStatus(instance, now);
}

function apply(instances: Instances, instance: Instance, change: Change, now: number): void {
  const { status, settled } = changes[change];
  instances.move(instance, status, settled, now);
}

function incorrectStatus(instance: Instance, now: number): Error {
  return apiError(
    403,
    'IncorrectInstanceStatus',
    `The current status of the resource does not support this operation: ${instance.id} is ${statusOf(instance, now)}.`,
  );
}
