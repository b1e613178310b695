import type { RoleOptions } from './assume.js';
import type { Section } from './section.js';

/** What a profile says of a role. The two kinds of files call some of it differently. */
export function roleSettings(
  section: Section,
  keys: { readonly sessionName: string; readonly duration: string },
): RoleOptions {
  return {
    sessionName: section.text(keys.sessionName),
    duration: section.number(keys.duration),
    policy: section.text('policy'),
    regionId: section.text('sts_region'),
    endpoint: section.text('sts_endpoint'),
    // Where it is not there, the environment decides.
    vpc: section.has('enable_vpc') ? true : undefined,
  };
}
