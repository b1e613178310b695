/** The statements that the method of an operation consists of, and what each says about the operation. */
import type ts from 'typescript';
import { callRules } from './calls.js';
import { nameIn, statement, stringIn } from './pattern.js';
import { Refusal } from './refusal.js';
import { nothing, type Draft, type Rule } from './draft.js';
import type { Style } from './model.js';

/** Takes down what the statement says, or refuses it. */
export function readStatement(draft: Draft, line: ts.Statement): void {
  for (const [pattern, take] of rules) {
    const captures = pattern(line);
    if (captures) return take(draft, captures, line);
  }
  throw new Refusal(line, 'not a known statement of an operation');
}

const styles: Readonly<Record<string, Style>> = {
  json: 'json',
  simple: 'comma',
  spaceDelimited: 'space',
  pipeDelimited: 'pipe',
};

const shrink: Rule[1] = (draft, captures, node) => {
  const style = styles[stringIn(captures, 'style')];
  if (style === undefined) throw new Refusal(node, 'not a known style');
  draft.shrunk.set(nameIn(captures, 'target'), { property: nameIn(captures, 'property'), style });
};

const rules: readonly Rule[] = [
  [
    statement('if (!$dara.isNull(request.$$property)) { $$place[$$key] = request.$$property; }'),
    (draft, captures, node) => {
      draft.placements.push({
        place: nameIn(captures, 'place'),
        key: stringIn(captures, 'key'),
        property: nameIn(captures, 'property'),
        node,
      });
    },
  ],
  [statement('request.validate();'), nothing],
  [statement('let query = { };'), nothing],
  [statement('let query : {[key: string ]: any} = { };'), nothing],
  [statement('let body : {[key: string ]: any} = { };'), nothing],
  [statement('let query = OpenApiUtil.query(request.toMap());'), (draft) => (draft.everything = 'query')],

  // Fields of a form that are flattened; a form flattens all the same.
  [statement('let bodyFlat : {[key: string ]: any} = { };'), nothing],
  [statement('body = { ...body, ...OpenApiUtil.query(bodyFlat), };'), (draft) => (draft.isFlatSent = true)],

  // Parts of the request that are sent as one string.
  [statement('tmpReq.validate();'), nothing],
  [statement('let request = new $_model.$$model({ });'), nothing],
  [statement('OpenApiUtil.convert(tmpReq, request);'), nothing],
  [
    statement(`if (!$dara.isNull(tmpReq.$$property)) {
      request.$$target = OpenApiUtil.arrayToStringWithSpecifiedStyle(tmpReq.$$property, $$prefix, $$style);
    }`),
    shrink,
  ],

  [
    statement(`if (!$dara.isNull($tea.toMap(tmpReq.$$property))) {
      request.$$target =
        OpenApiUtil.arrayToStringWithSpecifiedStyle($tea.toMap(tmpReq.$$property), $$prefix, $$style);
    }`),
    shrink,
  ],

  // A body that is text.
  [statement('let body : string = "";'), nothing],
  [
    statement('if (!$dara.isNull(request.$$property)) { body = Util.toString(request.$$property); }'),
    (draft, captures) => (draft.textBody = nameIn(captures, 'property')),
  ],

  // Headers that have names; others are given with the call.
  [statement('let realHeaders : {[key: string ]: string} = { };'), nothing],
  [statement('if (!$dara.isNull(headers.commonHeaders)) { realHeaders = headers.commonHeaders; }'), nothing],
  [
    statement('if (!$dara.isNull(headers.$$property)) { realHeaders[$$key] = String(headers.$$property); }'),
    (draft, captures, node) => {
      draft.headers.push({ key: stringIn(captures, 'key'), property: nameIn(captures, 'property'), node });
    },
  ],

  ...callRules,
];
