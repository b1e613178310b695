/** The location service: which host a product has in a region. */
import { describeEndpoints } from '../endpoint/location.js';
import type { ServiceDefinition } from '../service.js';
import { apiError } from './api-error.js';
import { keyed, type AnyHandler } from './handlers.js';
import { isOfCloud } from './wire.js';

/** No package describes it, so it is described as the client calls it. */
export const location = {
  service: describeEndpoints.service,
  operations: { describeEndpoints },
} satisfies ServiceDefinition<object>;

export interface LocationSettings {
  readonly regions: readonly string[];
  /** The products' codes, such as `Ecs`. */
  readonly products: readonly string[];
}

/** Whoever was told where the emulator is finds each product there; whoever asks in process is told the real hosts. */
export function locationHandlers({ regions, products }: LocationSettings): [string, AnyHandler][] {
  const codes = new Set(products.map((product) => product.toLowerCase()));
  return keyed<typeof location.operations>(location.service.version, {
    describeEndpoints: ({ request: { Id, ServiceCode, Type = 'openAPI' }, headers: { host = '' } }) => {
      if (!regions.includes(Id)) throw apiError(404, 'InvalidRegionId', `The specified region does not exist: ${Id}.`);
      const isKnown = codes.has(ServiceCode.toLowerCase()) && (Type === 'openAPI' || Type === 'innerAPI');
      const Endpoint = isOfCloud(host) ? `${ServiceCode.toLowerCase()}.${Id}.aliyuncs.com` : host;
      const found = { Endpoint, Id, Namespace: '', SerivceCode: ServiceCode, Type };
      return {
        Success: true,
        Endpoints: { Endpoint: isKnown ? [{ ...found, Protocols: { Protocols: ['HTTP', 'HTTPS'] } }] : [] },
      };
    },
  });
}
