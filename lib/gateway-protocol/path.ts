import type { AnyOperation } from '../service.js';

/** Where an operation is called, beneath the gateway's own path: `/Ecs/2014-05-26/DescribeInstances`. */
export function pathOf({ service, action }: AnyOperation): string {
  return `/${service.product}/${service.version}/${action}`;
}
