import { mergeMap, type Observable } from 'rxjs';
import { knownOriginOf } from '../endpoint/endpoint.js';
import type { LocationResolver } from '../endpoint/location.js';
import type { Service } from '../service.js';
import type { CallSettings } from '../settings.js';
import type { Runtime } from './runtime.js';
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
    const { regionId = '' } = settings;
    let regions = this.known.get(service);
    const known = regions?.get(regionId);
    if (known !== undefined) return known;
    const found = knownOriginOf(service, settings);
    if (found === undefined) return this.locate(service, settings);
    const origin = new URL(found).origin;
    if (regions === undefined) this.known.set(service, (regions = new Map<string, string>()));
    if (regions.size < mostRegions) regions.set(regionId, origin);
    return origin;
  }

  private locate(service: Service, settings: CallSettings): Observable<string> {
    return this.runtime.lazyFeatures.directFeatures$.pipe(
      mergeMap(({ locate, LocationResolver }) => {
        this.locations ??= new LocationResolver();
        return locate(this.locations, service, settings, (call, kind) =>
          this.handle(this.runtime.contextOf(call, kind)),
        );
      }),
    );
  }
}
