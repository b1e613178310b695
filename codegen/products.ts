/** The products that `lib/services` is generated from. */
import { readFileSync } from 'node:fs';

export interface Product {
  /** The file of `lib/services` and the subpath: the API version with the most operations has the product's name, the others their date, such as `fc-20210406`. */
  readonly name: string;
  /** The official package, such as `@alicloud/ecs20140526`. */
  readonly package: string;
  /** Of the package. */
  readonly version: string;
  /** Of the package's tarball. */
  readonly integrity: string;
  /** The product's code, such as `Ecs`. */
  readonly product: string;
}

export function readProducts(file = 'codegen/products.json'): readonly Product[] {
  return JSON.parse(readFileSync(file, 'utf8')) as Product[];
}
