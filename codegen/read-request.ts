/** Where each field of a request goes. */
import type ts from 'typescript';
import { entriesOf } from './entries.js';
import { expression, nameIn } from './pattern.js';
import { Refusal } from './refusal.js';
import type { Draft } from './draft.js';
import type { Field, Operation, Parameter, Type } from './model.js';

export type Placed = Pick<Operation, 'query' | 'header' | 'body' | 'wholeBody'> & {
  /** The whole body is sent as it is. */
  readonly isStream: boolean;
};

type Fields = ReadonlyMap<string, Field>;

/**
 * `fields` are those of the request's class, by their names there, and `headers` those of the headers' class; each of
 * them goes somewhere once, or, by a slip of the package, nowhere.
 */
export function readRequest(draft: Draft, method: ts.Node, fields: Fields, headers: Fields): Placed {
  const node = draft.request ?? method;
  const sent = draft.request
    ? readSent(draft.request, draft.everything === 'query')
    : { places: new Set<string>(), isStream: false };
  const everything = new Set([sent.everything, draft.everything].filter((place) => place !== undefined));
  const seen = new Map<string, { readonly name: string; readonly places: Set<Place> }>();
  const parameter = (property: string, at: ts.Node, to: Place, key?: string): Parameter => {
    const shrunk = draft.shrunk.get(property);
    const source = shrunk?.property ?? property;
    const field = fields.get(source);
    if (!field) throw new Refusal(at, `the request has no field ${source}`);
    const name = key ?? field.name;
    const before = seen.get(source);
    // The query and the body may both have it, by the same name.
    if (before && (before.name !== name || before.places.has(to)))
      throw new Refusal(at, `the field ${source} is sent twice`);
    if ([...seen].some(([other, { name: taken }]) => other !== source && taken === name))
      throw new Refusal(at, `two fields of the request are called ${name}`);
    seen.set(source, { name, places: new Set(before?.places).add(to) });
    const isRegion = field.required && regionNames.has(name) && field.type.kind === 'string';
    // That it is required is said once.
    return { ...field, name, style: shrunk?.style, ...(before ? { required: false } : { isRegion }) };
  };

  const whole = (): Parameter | undefined => {
    if (sent.isText && draft.textBody !== undefined)
      return { ...parameter(draft.textBody, node, 'body'), type: { kind: 'string' } };
    return sent.wholeBody === undefined ? undefined : parameter(sent.wholeBody, node, 'body');
  };

  if (draft.textBody !== undefined && !sent.isText) throw new Refusal(node, 'the text is not sent');
  const gathered: Record<Place, Parameter[]> = { query: [], body: [] };
  const lines = new Set<string>();
  for (const { place, key, property, node: line } of draft.placements) {
    const to = place === 'bodyFlat' && draft.isFlatSent ? 'body' : place;
    if (!isPlace(to) || !sent.places.has(to)) throw new Refusal(line, `${place} is not sent`);
    // Some lines are there twice, word for word.
    if (lines.has(line.getText())) continue;
    lines.add(line.getText());
    gathered[to].push(parameter(property, line, to, key));
  }
  for (const to of everything) {
    if (draft.request && !sent.places.has(to)) throw new Refusal(node, `${to} is not sent`);
    const shrunk = new Map([...draft.shrunk].map(([target, { property }]) => [property, target]));
    for (const property of fields.keys()) gathered[to].push(parameter(shrunk.get(property) ?? property, node, to));
  }
  // A field that no statement sends is left out: whoever gave it would believe that it counts.
  return { ...gathered, header: readHeaders(draft, node, headers), wholeBody: whole(), isStream: sent.isStream };
}

/** `commonHeaders` are given with the call. */
function readHeaders(draft: Draft, node: ts.Node, fields: Fields): Parameter[] {
  const sent: string[] = [];
  const header = draft.headers.map(({ key, property: written, node: line }): Parameter => {
    const { property, style } = draft.shrunkHeaders.get(written) ?? { property: written };
    const field = fields.get(property);
    if (!field) throw new Refusal(line, `there is no header ${property}`);
    if (!scalars.has(field.type.kind) && style === undefined) throw new Refusal(line, 'a header that is not text');
    sent.push(property);
    return { ...field, name: key, style };
  });
  const named = [...fields.keys()].filter((property) => property !== 'commonHeaders');
  if (named.join() !== sent.join()) throw new Refusal(node, 'not all headers are sent');
  return header;
}

/** What is the same text whichever way it is written. */
const scalars = new Set<Type['kind']>(['string', 'number', 'long', 'boolean']);

/** What the fields are called that say in which region a call works. */
const regionNames = new Set(['RegionId', 'region_id']);

type Place = 'query' | 'body';

function isPlace(place: string): place is Place {
  return place === 'query' || place === 'body';
}

interface Sent {
  readonly places: ReadonlySet<string>;
  readonly wholeBody?: string;
  /** The body is the text that the statements made. */
  readonly isText?: boolean;
  readonly isStream: boolean;
  /** All fields go there. */
  readonly everything?: Place;
}

const plain = new Map([
  ['query', expression('OpenApiUtil.query(query)')],
  ['body', expression('OpenApiUtil.parseToMap(body)')],
]);
const flattened = expression('query');
const headers = [expression('headers'), expression('realHeaders')];
const wholes = [
  expression('request.$$property'),
  expression('OpenApiUtil.toArray(request.$$property)'),
  expression('OpenApiUtil.parseToMap(request.$$property)'),
];
const streams = [expression('request.$$property'), expression('tmpReq.$$property')];
const text = expression('body');
const everything = expression('request.toMap()');

/** Reads the argument of `new $OpenApiUtil.OpenApiRequest(…)`; `isFlat` says that the query is flattened already. */
function readSent(node: ts.Node, isFlat: boolean): Sent {
  const places = new Set<string>();
  const bodies = new Set<string>();
  const found: { everything?: Place; isText?: boolean } = {};
  let isStream = false;
  for (const [key, value] of entriesOf(node)) {
    const whole = key === 'body' ? wholes.map((pattern) => pattern(value)).find(Boolean) : undefined;
    const stream = key === 'stream' ? streams.map((pattern) => pattern(value)).find(Boolean) : undefined;
    if (plain.get(key)?.(value) || (key === 'query' && isFlat && flattened(value))) places.add(key);
    else if (isPlace(key) && everything(value)) found.everything = key;
    else if (key === 'body' && text(value)) found.isText = true;
    else if (whole) bodies.add(nameIn(whole, 'property'));
    else if (stream) isStream = Boolean(bodies.add(nameIn(stream, 'property')));
    else if (key !== 'headers' || !headers.some((pattern) => pattern(value)))
      throw new Refusal(value, `not a known way to send ${key}`);
  }
  if (found.everything) places.add(found.everything);
  const [wholeBody, ...others] = bodies;
  if (others.length > 0 || (wholeBody !== undefined && places.has('body'))) throw new Refusal(node, 'two bodies');
  return { places, isStream, ...found, ...(wholeBody === undefined ? {} : { wholeBody }) };
}
