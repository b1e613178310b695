/** What clients are injected by. */
import type { AlicloudClient } from '../client.js';
import type { ClientOptions } from '../client-options.js';
import type { ServiceDefinition } from '../service.js';

/** The class of a product's client, `AlicloudClient`, or a class of your own that extends one of them. */
export type InjectableClient<C extends AlicloudClient = AlicloudClient> = new (options?: ClientOptions) => C;

/**
 * The token of a client: its class; of one with a named configuration, a text. Tests override what it stands for.
 *
 * @example
 * const provider = { provide: clientToken(EcsClient, 'billing'), useValue: fake(EcsClient, {}) };
 */
export function clientToken<C extends AlicloudClient>(
  client: InjectableClient<C>,
  name?: string,
): InjectableClient<C> | string {
  if (name === undefined) return client;
  const { definition } = client as { readonly definition?: ServiceDefinition<unknown> };
  const { product = '', version = '' } = definition?.service ?? {};
  return [registryToken(name), client.name, product, version].join(' ');
}

/** Of the clients of one configuration. */
export function registryToken(name = 'default'): string {
  return `rx-alicloud ${name}`;
}
