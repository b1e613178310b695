/** What the readers understand of a package, and the writers write down. */

export type Type =
  | { readonly kind: 'string' | 'number' | 'long' | 'boolean' | 'any' }
  | { readonly kind: 'array'; readonly items: Type }
  | { readonly kind: 'map'; readonly values: Type }
  | { readonly kind: 'model'; readonly name: string };

export interface Field {
  /** On the wire, and in our interfaces. */
  readonly name: string;
  readonly type: Type;
  readonly required: boolean;
  readonly deprecated: boolean;
}

/** A class of the package. */
export interface Model {
  readonly name: string;
  /** By their names in the class, in the order of the source. */
  readonly fields: ReadonlyMap<string, Field>;
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
  readonly anonymous: boolean;
  readonly protocol?: 'V1' | undefined;
  readonly httpMethod: string;
  /** Absent: an RPC operation. */
  readonly path?: string | undefined;
  readonly pathVariables: readonly string[];
  /** The class of the request in the package; absent where the request has no fields but path variables. */
  readonly requestModel?: string | undefined;
  /** The class of the response in the package: status, headers and body. */
  readonly responseModel: string;
  readonly query: readonly Parameter[];
  readonly body: readonly Parameter[];
  /** The one field that is the whole body. */
  readonly wholeBody?: Parameter | undefined;
  readonly bodyType: 'form' | 'json';
  /** Absent: the operation answers without a body. */
  readonly response?: Type | undefined;
  readonly responseType: 'json' | 'text';
}

export interface Api {
  readonly version: string;
  readonly endpoints: Endpoints;
  readonly operations: readonly Operation[];
}

export interface Endpoints {
  readonly prefix: string;
  readonly rule: 'regional' | 'central';
  readonly regions: Readonly<Record<string, string>>;
}
