/** The differences that are known, each with the reason why it is as it should be. `docs/conformance.md` shows them. */
import type { Difference, Kind } from './compare.js';

export interface Known {
  /** The product's name in the catalog; absent: any. */
  readonly product?: string;
  /** The method's name; absent: any. */
  readonly operation?: RegExp;
  readonly kind: Kind;
  /** What the official side shows; absent: anything. */
  readonly official?: RegExp;
  readonly reason: string;
}

const bytes =
  'The official client flattens a Buffer byte by byte, as `RegionId.0=53`, which no service reads; here it is a text.';
const maps =
  'The official client sends models within a map under the names of its properties, not under those of the API.';

export const known: readonly Known[] = [
  {
    product: 'rds',
    operation: /^(describeComputeBurstConfig|switchOverMajorVersionUpgrade)$/,
    kind: 'query',
    reason: bytes,
  },
  { product: 'facebody', operation: /^verifyFaceMask$/, kind: 'body', reason: bytes },
  { product: 'esa', operation: /^create(Site|User)DeliveryTask$/, kind: 'body', reason: maps },
  { product: 'paifeaturestore', operation: /^exportModelFeature/, kind: 'body', reason: maps },
  {
    product: 'imagesearch-20180319',
    kind: 'not compared',
    reason: 'The registry lacks `@alicloud/roa-client`, which the official package needs.',
  },
];

/** Products whose official package puts variables into the path as they are: only values that need no encoding are tried. */
export const unencodedPaths: ReadonlySet<string> = new Set(['nlp']);

export function reasonFor(product: string, operation: string, difference: Difference): string | undefined {
  return known.find((candidate) => explains(candidate, product, operation, difference))?.reason;
}

function explains(candidate: Known, product: string, operation: string, { kind, official }: Difference): boolean {
  return (
    candidate.kind === kind &&
    (candidate.product ?? product) === product &&
    (candidate.operation?.test(operation) ?? true) &&
    (candidate.official?.test(typeof official === 'string' ? official : JSON.stringify(official)) ?? true)
  );
}
