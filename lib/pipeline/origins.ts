/** The endpoint stage: which host, and worked out once for each product and region. */
import { map, mergeMap, type Observable } from 'rxjs';
import { knownOriginOf, originOf } from '../endpoint/endpoint.js';
import type { DescribeEndpointsRequest, DescribeEndpointsResponse, LocationResolver } from '../endpoint/location.js';
import type { FullResponse } from '../response.js';
import type { AnyOperation, Service } from '../service.js';
import type { CallSettings } from '../settings.js';
import { rare$ } from './on-demand.js';

/** Regions are few; whoever makes them up as he goes must not fill the memory. */
const mostRegions = 100;

export class Origins {
  private readonly known = new WeakMap<Service, Map<string, string>>();
  private locations: LocationResolver | undefined;

  /** `call` makes the location service's call. */
  constructor(
    private readonly call: (operation: AnyOperation, request: unknown) => Observable<FullResponse<unknown>>,
  ) {}

  /** In the order: the call's endpoint, the client's, the product's region map, its rule, the location service. */
  of(service: Service, settings: CallSettings): string | Observable<string> {
    if (settings.endpoint !== undefined) return settings.endpoint;
    const { regionId = '', locationService } = settings;
    let regions = this.known.get(service);
    const known = regions?.get(regionId);
    if (known !== undefined) return known;
    if (locationService && regionId !== '' && knownOriginOf(service, settings) === undefined) {
      return this.located(regionId, service.endpoints.prefix, typeOf(settings));
    }
    const origin = new URL(originOf(service, settings)).origin;
    if (regions === undefined) this.known.set(service, (regions = new Map<string, string>()));
    if (regions.size < mostRegions) regions.set(regionId, origin);
    return origin;
  }

  private located(regionId: string, serviceCode: string, type: string): Observable<string> {
    return rare$.pipe(
      mergeMap(({ describeEndpoints, LocationResolver }) => {
        this.locations ??= new LocationResolver();
        const ask = (request: DescribeEndpointsRequest): Observable<DescribeEndpointsResponse> =>
          // The response fits its table.
          this.call(describeEndpoints, request).pipe(map(({ body }) => body as DescribeEndpointsResponse));
        return this.locations.resolve(regionId, serviceCode, ask, type);
      }),
    );
  }
}

/** The networks within the cloud have hosts of their own. */
function typeOf({ network = 'public' }: CallSettings): string {
  return network === 'vpc' || network === 'inner' ? 'innerAPI' : 'openAPI';
}
