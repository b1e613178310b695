import { ClientError } from '../errors.js';
import type { Service } from '../service.js';
import { knownOriginOf, type Place } from './endpoint.js';
import { overridden } from './overrides.js';

/** The origin of a product in a region, or an `SDK.EndpointUnknown` that says what is missing. */
export function requireOrigin(service: Service, place: Place): string {
  return knownOriginOf(service, place) ?? refuse(service, place);
}

function refuse({ product, endpoints: own }: Service, { regionId, endpoints }: Place): never {
  const { rule } = overridden(product, own, endpoints);
  if (rule === 'none')
    throw unknown(`${product} has no rule for its hosts`, '`endpoint`, or a `regionId` whose host is known,', regionId);
  throw unknown(`${product} has a host for each region`, '`regionId` (such as cn-hangzhou) or `endpoint`', regionId);
}

function unknown(why: string, expected: string, regionId: string | undefined): ClientError {
  const got = regionId === undefined ? 'got neither' : `got the region ${regionId}, whose host is not known`;
  const what = `expected ${expected} in the client's options, ${got}`;
  return new ClientError('SDK.EndpointUnknown', `${why}: ${what}`);
}
