/** What the readers understand of a package, and the writers write down. */
import type { Pager } from './pager.js';

export type Type =
  /** `bytes`: what is sent or answered as it is; `file`: the address of a file, or the file, which is uploaded first. */
  | { readonly kind: 'string' | 'number' | 'long' | 'boolean' | 'any' | 'bytes' | 'file' }
  | { readonly kind: 'array'; readonly items: Type }
  | { readonly kind: 'map'; readonly values: Type }
  | { readonly kind: 'model'; readonly name: string };

export interface Field {
  /** On the wire, and in our interfaces. */
  readonly name: string;
  readonly type: Type;
  readonly required: boolean;
  readonly deprecated: boolean;
  /** What the package says of it, for those that want it. */
  readonly docs?: readonly string[] | undefined;
}

/** A class of the package. */
export interface Model {
  readonly name: string;
  /** By their names in the class, in the order of the source. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Why it was not understood; what refers to it is left out. */
  readonly refusal?: Error;
}

export type Models = ReadonlyMap<string, Model>;

export type Style = 'json' | 'comma' | 'space' | 'pipe';

/** A field of a request, as the operation sends it. */
export interface Parameter extends Field {
  /** How the value becomes one string; absent where it is sent as it is. */
  readonly style?: Style | undefined;
  /** Required, and the client's region where the request has none. */
  readonly isRegion?: boolean | undefined;
}

export interface Operation {
  /** In camelCase, as the official client spells it. */
  readonly method: string;
  readonly action: string;
  readonly deprecated: boolean;
  /** What the package says of it, for those that want it. */
  readonly docs?: readonly string[] | undefined;
  readonly anonymous: boolean;
  readonly protocol?: 'V1' | undefined;
  readonly httpMethod: string;
  /** With variables in braces, by the names in `pathVariables`. Absent: an RPC operation. */
  readonly path?: string | undefined;
  /** What the request calls them: `IdInPath` where another field of it is called `Id`. */
  readonly pathVariables: readonly string[];
  /** The class of the request in the package; absent where the request has no fields but path variables. */
  readonly requestModel?: string | undefined;
  /** The class of the response in the package: status, headers and body. */
  readonly responseModel: string;
  readonly query: readonly Parameter[];
  readonly header: readonly Parameter[];
  readonly body: readonly Parameter[];
  /** The one field that is the whole body. */
  readonly wholeBody?: Parameter | undefined;
  readonly bodyType: 'form' | 'json' | 'bytes';
  /** Absent: the operation answers without a body. */
  readonly response?: Type | undefined;
  readonly responseType: 'json' | 'text' | 'bytes' | 'events';
  readonly upload?: Upload | undefined;
  /** There where it has pages. */
  readonly pager?: Pager | undefined;
}

/** Fields that hold the address of a file, and may be given the file itself. */
export interface Upload {
  /** The product's name to those who authorise the upload. */
  readonly product: string;
  /** Names on the wire; `Tasks[].ImageURL` is a field of each item. */
  readonly fields: readonly string[];
}

export interface Api {
  readonly version: string;
  readonly endpoints: Endpoints;
  readonly operations: readonly Operation[];
  /** What was not understood, and is left out. */
  readonly refused: readonly Refused[];
}

export interface Refused {
  /** The method of the official client. */
  readonly method: string;
  /** With file and line. */
  readonly reason: string;
}

export interface Endpoints {
  readonly prefix: string;
  readonly rule: 'regional' | 'central' | 'none';
  readonly regions: Readonly<Record<string, string>>;
}
