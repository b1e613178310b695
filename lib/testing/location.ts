/** The location service: which host a product has in a region. */
import type { Operation, Service, ServiceDefinition } from '../service.js';
import { apiError } from './api-error.js';
import { keyed, type AnyHandler } from './handlers.js';
import { isOfCloud } from './wire.js';

interface DescribeEndpointsRequest {
  /** The region. */
  readonly Id: string;
  /** A product as this service calls it, such as `ecs`. */
  readonly ServiceCode: string;
  /** `openAPI` or `innerAPI`. */
  readonly Type?: string;
}

interface DescribeEndpointsResponse {
  RequestId?: string;
  Success?: boolean;
  Endpoints?: {
    Endpoint?: {
      Endpoint?: string;
      Id?: string;
      Namespace?: string;
      Protocols?: { Protocols?: string[] };
      /** Misspelt on the real wire, too. */
      SerivceCode?: string;
      Type?: string;
    }[];
  };
}

interface LocationOperations {
  readonly describeEndpoints: Operation<DescribeEndpointsRequest, DescribeEndpointsResponse>;
}

const service: Service = {
  product: 'Location',
  version: '2015-06-12',
  endpoints: { prefix: 'location', rule: 'central', regions: {} },
};

/** No package describes it, so the emulator does. */
export const location: ServiceDefinition<LocationOperations> = {
  service,
  operations: {
    describeEndpoints: {
      service,
      action: 'DescribeEndpoints',
      query: 'Id:s!,ServiceCode:s!,Type:s',
      response:
        '{RequestId:s,Success:b,Endpoints:{Endpoint:[{Endpoint:s,Id:s,Namespace:s,Protocols:{Protocols:[s]},SerivceCode:s,Type:s}]}}',
    },
  },
};

export interface LocationSettings {
  readonly regions: readonly string[];
  /** The products' codes, such as `Ecs`. */
  readonly products: readonly string[];
}

/** Whoever was told where the emulator is finds each product there; whoever asks in process is told the real hosts. */
export function locationHandlers({ regions, products }: LocationSettings): [string, AnyHandler][] {
  const codes = new Set(products.map((product) => product.toLowerCase()));
  return keyed<LocationOperations>(service.version, {
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
