import { Inject } from '@nestjs/common';
import { clientToken, type InjectableClient } from './tokens.js';

/**
 * Injects the client of a named configuration: `constructor(@InjectClient(EcsClient, 'billing') ecs: EcsClient)`. One without
 * a name is injected by its class alone, where the compiler writes down the types of parameters.
 */
export function InjectClient(client: InjectableClient, name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(clientToken(client, name));
}
