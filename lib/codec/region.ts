/** The fields of requests that name a region. */
import type { Field } from '../schema/grammar.js';

export function isRegionName(name: string): boolean {
  return /^region_?id$/i.test(name);
}

export function isRegionField({ name, schema }: Field): boolean {
  return isRegionName(name) && schema.kind === 'string';
}
