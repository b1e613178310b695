/** Which client makes a call, and of which description. */
import type { AlicloudClient } from '../../client.js';
import { ConfigurationError } from '../../errors.js';
import { meant } from '../../schema/meant.js';
import type { AnyOperation, ServiceDefinition } from '../../service.js';
import type { ReadCall } from './read-job.js';

/** Who makes a call. */
export interface Maker {
  readonly client: AlicloudClient;
  /** Absent where the call is one without a description. */
  readonly operation?: AnyOperation;
}

interface Known {
  readonly client: AlicloudClient;
  /** By their names on the wire. */
  readonly operations: ReadonlyMap<string, AnyOperation>;
}

export class WorkerClients {
  private readonly known = new Map<string, Known>();
  private readonly ofAnyProduct: AlicloudClient | undefined;

  /** @throws ConfigurationError where two are of one product, or one is of none and not alone in that. */
  constructor(clients: readonly AlicloudClient[]) {
    let ofAnyProduct: AlicloudClient | undefined;
    clients.forEach((client, i) => {
      const path = `alicloudWorker.clients[${i}]`;
      const definition = definitionOf(client);
      if (definition === undefined) {
        if (ofAnyProduct !== undefined) throw another(path, 'of any product');
        ofAnyProduct = client;
        return;
      }
      const key = keyOf(definition.service);
      if (this.known.has(key)) throw another(path, `of ${key}`);
      const operations = Object.values(definition.operations).map((each) => [each.action, each] as const);
      this.known.set(key, { client, operations: new Map(operations) });
    });
    this.ofAnyProduct = ofAnyProduct;
  }

  /** @throws ConfigurationError where there is no client for the call. */
  makerOf({ product, version, action, untyped }: ReadCall): Maker {
    const key = keyOf({ product, version });
    const known = this.known.get(key);
    if (untyped !== undefined) {
      const client = known?.client ?? this.ofAnyProduct;
      if (client !== undefined) return { client };
    }
    if (known === undefined) {
      throw new ConfigurationError({
        path: 'clients',
        expected: `of the worker that has taken the call, with one of ${key}`,
        received: this.known.size === 0 ? 'none with descriptions' : [...this.known.keys()].join(', '),
      });
    }
    const operation = known.operations.get(action);
    if (operation !== undefined) return { client: known.client, operation };
    throw new ConfigurationError({
      path: 'job.action',
      expected: `an operation of ${key}, as the worker knows it${meant(action, [...known.operations.keys()])}`,
      received: action.slice(0, 100),
    });
  }
}

function definitionOf(client: AlicloudClient): ServiceDefinition<Record<string, AnyOperation>> | undefined {
  return (client.constructor as { readonly definition?: ServiceDefinition<Record<string, AnyOperation>> }).definition;
}

function keyOf({ product, version }: { readonly product: string; readonly version: string }): string {
  return `${product} ${version}`;
}

function another(path: string, which: string): ConfigurationError {
  return new ConfigurationError({ path, expected: `the only client ${which}`, received: 'another one' });
}
