/** The operations that a gateway has, by the path that they are called at, and by whether they answer with events. */
import { ConfigurationError } from '../errors.js';
import { pathOf } from '../gateway-protocol/path.js';
import type { AnyOperation } from '../service.js';
import type { AllowedOperation } from './allow.js';

export class Operations {
  private readonly allowed = new Map<string, AllowedOperation>();

  /** @throws ConfigurationError for one that is there twice. */
  constructor(allowed: readonly AllowedOperation[]) {
    allowed.forEach((each, index) => {
      const key = keyOf(each.operation);
      if (this.allowed.has(key)) {
        const received = `${pathOf(each.operation)} again`;
        throw new ConfigurationError({ path: `allow[${index}]`, expected: 'each operation once', received });
      }
      this.allowed.set(key, each);
    });
  }

  /** `path` is what stands below the gateway's own: `/Ecs/2014-05-26/DescribeInstances`. Some operations answer as a whole and with events, as they are asked. */
  find(path: string, accept: string | null): AllowedOperation | undefined {
    const withEvents = this.allowed.get(eventsKey(path));
    return accept === eventStream ? withEvents : (this.allowed.get(path) ?? withEvents);
  }
}

/** What a path has to look like to be one of an operation at all. */
export const operationPath = /^\/[\w-]+\/\d{4}-\d{2}-\d{2}\/\w+$/;

/** Two descriptors with one key are one operation, whatever copy of the package they are from. */
export function keyOf(operation: AnyOperation): string {
  const path = pathOf(operation);
  return operation.responseType === 'events' ? eventsKey(path) : path;
}

const eventStream = 'text/event-stream';

function eventsKey(path: string): string {
  return `${path} ${eventStream}`;
}
