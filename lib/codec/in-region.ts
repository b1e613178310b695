/** The region that a call goes to: the call option's, else the request's own, else the client's. */
import { isLabel } from '../endpoint/host-names.js';
import { overridden } from '../endpoint/overrides.js';
import { InvalidRequestError } from '../errors.js';
import type { AnyOperation } from '../service.js';
import type { CallSettings } from '../settings.js';

/** The settings of a call whose request names a region. One that could not be part of a host name must not choose a host. */
export function inRegionOf(requested: unknown, settings: CallSettings, operation: AnyOperation): CallSettings {
  const { regionId, endpoint, endpoints } = settings;
  if (typeof requested !== 'string' || requested === '' || requested === regionId) return settings;
  if (isLabel(requested)) return { ...settings, regionId: requested };
  const { product, endpoints: own } = operation.service;
  // There it is a parameter like others.
  if (endpoint !== undefined || overridden(product, own, endpoints).rule === 'central') return settings;
  const refusal = {
    path: 'RegionId',
    expected: 'a region id such as cn-hangzhou',
    received: JSON.stringify(requested),
  };
  throw new InvalidRequestError(operation.action, [refusal]);
}
