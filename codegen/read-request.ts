/** Where each field of a request goes. */
import type ts from 'typescript';
import { entriesOf } from './entries.js';
import { expression, nameIn } from './pattern.js';
import { Refusal } from './refusal.js';
import type { Draft } from './statements.js';
import type { Field, Operation, Parameter } from './model.js';

export type Placed = Pick<Operation, 'query' | 'body' | 'wholeBody'>;

/** `fields` are those of the request's class, by their names there; each of them has to go somewhere, once. */
export function readRequest(draft: Draft, node: ts.Node, fields: ReadonlyMap<string, Field>): Placed {
  const sent = readSent(node);
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

  const gathered: Record<Place, Parameter[]> = { query: [], body: [] };
  const lines = new Set<string>();
  for (const { place, key, property, node: line } of draft.placements) {
    if (!isPlace(place) || !sent.places.has(place)) throw new Refusal(line, `${place} is not sent`);
    // Some lines are there twice, word for word.
    if (lines.has(line.getText())) continue;
    lines.add(line.getText());
    gathered[place].push(parameter(property, line, key));
  }
  const wholeBody = sent.wholeBody === undefined ? undefined : parameter(sent.wholeBody, node);
  for (const property of fields.keys()) {
    if (!seen.has(property)) throw new Refusal(node, `the field ${property} of the request is not sent`);
  }
  return { ...gathered, wholeBody };
}

/** What the fields are called that say in which region a call works. */
const regionNames = new Set(['RegionId', 'region_id']);

type Place = 'query' | 'body';

function isPlace(place: string): place is Place {
  return place === 'query' || place === 'body';
}

const headers = expression('headers');
const query = expression('OpenApiUtil.query(query)');
const body = expression('OpenApiUtil.parseToMap(body)');
const wholeArray = expression('OpenApiUtil.toArray(request.$$property)');

/** Reads the argument of `new $OpenApiUtil.OpenApiRequest(…)`. */
function readSent(node: ts.Node): { places: ReadonlySet<Place>; wholeBody?: string } {
  const places = new Set<Place>();
  let wholeBody: string | undefined;
  for (const [key, value] of entriesOf(node)) {
    const whole = wholeArray(value);
    if (key === 'query' && query(value)) places.add('query');
    else if (key === 'body' && body(value)) places.add('body');
    else if (key === 'body' && whole) wholeBody = nameIn(whole, 'property');
    else if (key !== 'headers' || !headers(value)) throw new Refusal(value, `not a known way to send ${key}`);
  }
  return wholeBody === undefined ? { places } : { places, wholeBody };
}
