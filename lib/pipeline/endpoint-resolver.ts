import { map, mergeMap, type Observable } from 'rxjs';
import { knownOriginOf, originOf } from '../endpoint/endpoint.js';
import type { DescribeEndpointsRequest, DescribeEndpointsResponse, LocationResolver } from '../endpoint/location.js';
import type { AnyOperation, Service } from '../service.js';
import type { CallSettings } from '../settings.js';
import type { Runtime } from './runtime.js';
import { responseOf } from './response-of.js';
import type { Handler } from './stage.js';

/** Regions are few; whoever makes them up as he goes must not fill the memory. */
const mostRegions = 100;

/** Which host, worked out once for each product and region. */
export class EndpointResolver {
  private readonly known = new WeakMap<Service, Map<string, string>>();
  private locations: LocationResolver | undefined;

  /** `handle` makes the location service's calls. */
  constructor(
    private readonly runtime: Runtime,
    private readonly handle: Handler,
  ) {}

  /** In the order: the call's endpoint, the client's, the product's region map, its rule, the location service. */
  resolve(service: Service, settings: CallSettings): string | Observable<string> {
    if (settings.endpoint !== undefined) return settings.endpoint;
    const { regionId = '', locationService } = settings;
    let regions = this.known.get(service);
    const known = regions?.get(regionId);
    if (known !== undefined) return known;
    if (locationService && regionId !== '' && knownOriginOf(service, settings) === undefined) {
      return this.locate(regionId, service.endpoints.prefix, typeOf(settings));
    }
    const origin = new URL(originOf(service, settings)).origin;
    if (regions === undefined) this.known.set(service, (regions = new Map<string, string>()));
    if (regions.size < mostRegions) regions.set(regionId, origin);
    return origin;
  }

  private locate(regionId: string, serviceCode: string, type: string): Observable<string> {
    return this.runtime.lazyFeatures.features$.pipe(
      mergeMap(({ describeEndpoints, LocationResolver }) => {
        this.locations ??= new LocationResolver();
        const ask = (request: DescribeEndpointsRequest): Observable<DescribeEndpointsResponse> =>
          // The response fits its table.
          this.call(describeEndpoints, request).pipe(map((body) => body as DescribeEndpointsResponse));
        return this.locations.resolve(regionId, serviceCode, ask, type);
      }),
    );
  }

  /** A call of its own, as it may be made for many. */
  private call(operation: AnyOperation, request: unknown): Observable<unknown> {
    const kind = { requiresAsync: false, codecs: 'tables', observe: 'body' } as const;
    return responseOf(() => this.handle(this.runtime.contextOf({ operation, request, options: undefined }, kind)));
  }
}

/** The networks within the cloud have hosts of their own. */
function typeOf({ network = 'public' }: CallSettings): string {
  return network === 'vpc' || network === 'inner' ? 'innerAPI' : 'openAPI';
}
