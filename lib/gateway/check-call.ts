/** What the body of a request asks for: where, and with what in its fields. */
import { isAbsent } from '../schema/values.js';
import { isRegionName } from '../codec/region.js';
import { checkLimits, type AllowedOperation } from './allow.js';
import type { CheckedCall, GatewaySession } from './options.js';
import type { ReadCall } from './read-call.js';
import { GatewayRefusal } from './refusal.js';
import { checkRegion, checkRegions } from './regions.js';
import { allowedTo } from './session.js';

/** `regions` are those of the gateway. */
export function checkCall(
  allowed: AllowedOperation,
  session: GatewaySession,
  { request, regionId }: ReadCall,
  regions: readonly string[],
): CheckedCall {
  const { operation } = allowed;
  const own = session.regions;
  const open = own === undefined ? regions : regions.filter((region) => own.includes(region));
  const [first] = open;
  if (first === undefined) throw new GatewayRefusal('Gateway.Forbidden', 'The session has no region');
  if (regionId !== undefined) checkRegion(regionId, open, 'regionId');
  checkRegions(request, open);
  const named = Object.entries(request).find(
    ([name, value]) => isRegionName(name) && typeof value === 'string' && value !== '',
  );
  // A text of several, or with spaces, is one for a list of regions, and no host.
  if (named !== undefined) checkRegion(String(named[1]), open, `request.${named[0]}`);
  // The client would take its own region otherwise, which may be none of the session's.
  const goesTo = regionId ?? (named === undefined ? first : String(named[1]));
  for (const limited of [allowed, ...allowedTo(session, operation)]) {
    checkLimits(limited, withRegion(request, limited, goesTo));
  }
  return { operation, request, regionId: goesTo };
}

/** A limit of a region is one of where the call goes to, where the request does not say so itself. */
function withRegion(request: ReadCall['request'], { limits }: AllowedOperation, regionId: string): ReadCall['request'] {
  const filled = Object.keys(limits).filter((name) => isRegionName(name) && isAbsent(request[name]));
  return filled.length === 0 ? request : { ...request, ...Object.fromEntries(filled.map((name) => [name, regionId])) };
}
