/** What the statements of an operation's method said so far. */
import type ts from 'typescript';
import type { Captures, Pattern } from './pattern.js';
import type { Params } from './read-params.js';
import type { Operation, Style } from './model.js';

/** Properties are those of the request's class. */
export interface Draft {
  readonly placements: Placement[];
  readonly headers: Omit<Placement, 'place'>[];
  /** Properties that become one string first, by the property that holds the string. */
  readonly shrunk: Map<string, Shrunk>;
  /** The same of the headers' class. */
  readonly shrunkHeaders: Map<string, Shrunk>;
  /** Path variables that are encoded before they are put into the path. */
  readonly encoded: string[];
  /** All fields of the request go there. */
  everything?: 'query' | 'body';
  /** Nothing of the request is sent but its path variables. */
  isBare?: boolean;
  /** The field of the request whose fields are meant. */
  inner?: string;
  /** `bodyFlat` becomes a part of the body. */
  isFlatSent?: boolean;
  /** The field of bytes that becomes the text that is the body. */
  textBody?: string;
  /** The argument of `new $OpenApiUtil.OpenApiRequest(…)`. */
  request?: ts.Node;
  params?: Params;
  responseModel?: string;
  /** The class of the response is that of its body. */
  isBodyAlone?: boolean;
  protocol?: Operation['protocol'];
  isEvents?: boolean;
}

export interface Shrunk {
  readonly property: string;
  readonly style: Style;
}

/** `query["RegionId"] = request.regionId` */
export interface Placement {
  readonly place: string;
  readonly key: string;
  readonly property: string;
  readonly node: ts.Node;
}

/** A statement, and how to take down what it says. */
export type Rule = readonly [Pattern, (draft: Draft, captures: Captures, line: ts.Statement) => void];

export const nothing: Rule[1] = () => undefined;
