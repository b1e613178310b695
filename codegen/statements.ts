/** The statements that the method of an operation consists of, and what each says about the operation. */
import type ts from 'typescript';
import { callRules } from './calls.js';
import { nameIn, statement, stringIn } from './pattern.js';
import { Refusal } from './refusal.js';
import { nothing, type Draft, type Rule, type Shrunk } from './draft.js';
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

const place: Rule[1] = (draft, captures, node) => {
  draft.placements.push({
    place: nameIn(captures, 'place'),
    key: stringIn(captures, 'key'),
    property: nameIn(captures, 'property'),
    node,
  });
};

const placeHeader: Rule[1] = (draft, captures, node) => {
  draft.headers.push({ key: stringIn(captures, 'key'), property: nameIn(captures, 'property'), node });
};

/** The statements that make one string of a part of the request, or of the headers. */
function shrinkRules(
  [whole, part]: readonly [string, string],
  into: (draft: Draft) => Map<string, Shrunk>,
): readonly Rule[] {
  const shrink: Rule[1] = (draft, captures, node) => {
    const style = styles[stringIn(captures, 'style')];
    if (style === undefined) throw new Refusal(node, 'not a known style');
    into(draft).set(nameIn(captures, 'target'), { property: nameIn(captures, 'property'), style });
  };
  return [
    [statement(`let ${part} = new $_model.$$model({ });`), nothing],
    [statement(`OpenApiUtil.convert(${whole}, ${part});`), nothing],
    ...[`${whole}.$$property`, `$tea.toMap(${whole}.$$property)`].map((value): Rule => [
      statement(`if (!$dara.isNull(${value})) {
        ${part}.$$target = OpenApiUtil.arrayToStringWithSpecifiedStyle(${value}, $$prefix, $$style);
      }`),
      shrink,
    ]),
  ];
}

const rules: readonly Rule[] = [
  // What is not there is left out later, where it is not asked for here.
  ...[
    'if (!$dara.isNull(request.$$property)) { $$place[$$key] = request.$$property; }',
    'if (!$dara.isNull($tea.toMap(request.$$property))) { $$place[$$key] = request.$$property; }',
    '$$place[$$key] = request.$$property;',
  ].map((example): Rule => [statement(example), place]),
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
  ...shrinkRules(['tmpReq', 'request'], ({ shrunk }) => shrunk),
  ...shrinkRules(['tmpHeader', 'headers'], ({ shrunkHeaders }) => shrunkHeaders),

  [
    statement('$$name = $dara.URL.percentEncode($$name);'),
    (draft, captures) => void draft.encoded.push(nameIn(captures, 'name')),
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
  ...[
    'String(headers.$$property)',
    'headers.$$property',
    'typeof headers.$$property === "string" ? headers.$$property : JSON.stringify(headers.$$property)',
  ].map((value): Rule => [
    statement(`if (!$dara.isNull(headers.$$property)) { realHeaders[$$key] = ${value}; }`),
    placeHeader,
  ]),

  ...callRules,
];
