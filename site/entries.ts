/** What users import from the package, and which of it the API reference describes. */
import { subpaths } from '../tsdown.config.js';

export interface Entry {
  /** As in an import, such as `rx-alicloud/testing`. */
  readonly specifier: string;
  readonly file: string;
}

const services = 'services/';

/** All entries. */
export const entries: readonly Entry[] = Object.entries(subpaths).map(([name, file]) => ({
  specifier: name === 'index' ? 'rx-alicloud' : `rx-alicloud/${name.replace(services, '')}`,
  file,
}));

/**
 * The entries written by hand, and one product as an example of them all: TypeDoc would take hours and gigabytes for the
 * 7,017 operations of the others, each of which is documented in Alibaba Cloud's own API reference, in the same names.
 */
export const documented: readonly Entry[] = entries.filter(
  ({ specifier, file }) => !file.includes(services) || specifier === 'rx-alicloud/sts',
);
