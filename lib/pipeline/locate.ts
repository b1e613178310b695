import { map, of, type Observable } from 'rxjs';
import {
  describeEndpoints,
  type AskLocation,
  type DescribeEndpointsResponse,
  type LocationResolver,
} from '../endpoint/location.js';
import { requireOrigin } from '../endpoint/unknown-endpoint.js';
import type { HttpEvent } from '../http-event.js';
import type { CallRequest } from '../interceptor.js';
import type { Service } from '../service.js';
import type { CallSettings } from '../settings.js';
import type { CallKind } from './call-context.js';
import { responseOf } from './response-of.js';

/** Asks for the host that neither map nor rule says, where that is wanted, and else says that there is none. */
export function locate(
  locations: LocationResolver,
  service: Service,
  settings: CallSettings,
  make: (call: CallRequest, kind: CallKind) => Observable<HttpEvent>,
): Observable<string> {
  const { regionId = '', locationService } = settings;
  if (!locationService || regionId === '') return of(requireOrigin(service, settings));
  // A call of its own, as it may be made for many.
  const ask: AskLocation = (request) => {
    const kind = { requiresAsync: false, codecs: 'tables', observe: 'body' } as const;
    return responseOf(() => make({ operation: describeEndpoints, request, options: undefined }, kind)).pipe(
      // The response fits its table.
      map((body) => body as DescribeEndpointsResponse),
    );
  };
  return locations.resolve(regionId, service.endpoints.prefix, ask, typeOf(settings));
}

/** The networks within the cloud have hosts of their own. */
function typeOf({ network = 'public' }: CallSettings): string {
  return network === 'vpc' || network === 'inner' ? 'innerAPI' : 'openAPI';
}
