/** Where each field of a request goes. */
import type ts from 'typescript';
import { entriesOf } from './entries.js';
import { expression, nameIn } from './pattern.js';
import { Refusal } from './refusal.js';
import type { Draft } from './draft.js';
import type { Field, Operation, Parameter } from './model.js';

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
  const sent = draft.request ? readSent(draft.request) : { places: new Set<string>(), isStream: false };
  const everything = sent.everything ?? draft.everything;
  const seen = new Map<string, string>();
  const parameter = (property: string, at: ts.Node, key?: string): Parameter => {
    const shrunk = draft.shrunk.get(property);
    const source = shrunk?.property ?? property;
    const field = fields.get(source);
    if (!field) throw new Refusal(at, `the request has no field ${source}`);
    if (seen.has(source)) throw new Refusal(at, `the field ${source} is sent twice`);
    const name = key ?? field.name;
    seen.set(source, name);
    const isRegion = field.required && regionNames.has(name) && field.type.kind === 'string';
    return { ...field, name, style: shrunk?.style, isRegion };
  };

  const whole = (): Parameter | undefined => {
    if (sent.isText && draft.textBody !== undefined)
      return { ...parameter(draft.textBody, node), type: { kind: 'string' } };
    return sent.wholeBody === undefined ? undefined : parameter(sent.wholeBody, node);
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
    gathered[to].push(parameter(property, line, key));
  }
  if (everything) {
    if (draft.request && !sent.places.has(everything)) throw new Refusal(node, `${everything} is not sent`);
    const shrunk = new Map([...draft.shrunk].map(([target, { property }]) => [property, target]));
    for (const property of fields.keys()) gathered[everything].push(parameter(shrunk.get(property) ?? property, node));
  }
  // A field that no statement sends is left out: whoever gave it would believe that it counts.
  return { ...gathered, header: readHeaders(draft, node, headers), wholeBody: whole(), isStream: sent.isStream };
}

/** `commonHeaders` are given with the call. */
function readHeaders(draft: Draft, node: ts.Node, fields: Fields): Parameter[] {
  const header = draft.headers.map(({ key, property, node: line }): Parameter => {
    const field = fields.get(property);
    if (!field) throw new Refusal(line, `there is no header ${property}`);
    if (field.type.kind !== 'string') throw new Refusal(line, 'a header that is not text');
    return { ...field, name: key };
  });
  const named = [...fields.keys()].filter((property) => property !== 'commonHeaders');
  if (named.join() !== draft.headers.map(({ property }) => property).join())
    throw new Refusal(node, 'not all headers are sent');
  return header;
}

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
const headers = [expression('headers'), expression('realHeaders')];
const wholes = [
  expression('request.$$property'),
  expression('OpenApiUtil.toArray(request.$$property)'),
  expression('OpenApiUtil.parseToMap(request.$$property)'),
];
const streams = [expression('request.$$property'), expression('tmpReq.$$property')];
const text = expression('body');
const everything = expression('request.toMap()');

/** Reads the argument of `new $OpenApiUtil.OpenApiRequest(…)`. */
function readSent(node: ts.Node): Sent {
  const places = new Set<string>();
  const bodies = new Set<string>();
  const found: { everything?: Place; isText?: boolean } = {};
  let isStream = false;
  for (const [key, value] of entriesOf(node)) {
    const whole = key === 'body' ? wholes.map((pattern) => pattern(value)).find(Boolean) : undefined;
    const stream = key === 'stream' ? streams.map((pattern) => pattern(value)).find(Boolean) : undefined;
    if (plain.get(key)?.(value)) places.add(key);
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
