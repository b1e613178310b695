/** Answers of real operations in which something is of another kind than their descriptions say. */
import fc from 'fast-check';
import { decoderOf } from '../../lib/codec/decode.js';
import { explainAnswer, refusalsIn } from '../../lib/codec/explain-answer.js';
import { UnfitAnswer } from '../../lib/codec/unfit-answer.js';
import { parseType, type Schema } from '../../lib/schema/grammar.js';
import { parseJson } from '../../lib/schema/json.js';
import type { AnyOperation } from '../../lib/service.js';
import { catalog } from '../../lib/services/catalog.js';
import { sampleOf } from '../../lib/testing/sample.js';
import { answer } from './support.js';

/** JSON of every kind. */
const kinds = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '7',
  '1.10',
  '1E3',
  '1e400',
  '9007199254740993',
  '9007199254740993.0',
  '12345678901234567.25',
  '""',
  '" "',
  '"-"',
  '"40GiB"',
  '"7"',
  '"true"',
  '"9007199254740993"',
  '[]',
  '{}',
  '[[]]',
  '[{}]',
  // Nulls would be left out, and places be counted without them.
  '["a",9007199254740993]',
  '{"Other":[9007199254740993,1.5]}',
  '[[{"Other":"a"}]]',
];

type Path = readonly (string | number)[];

interface Place {
  readonly path: Path;
  readonly schema: Schema;
}

/** Every place in a value that a table describes. */
function placesIn(schema: Schema, value: unknown, path: Path = []): Place[] {
  const here = { path, schema };
  if (schema.kind === 'array' && Array.isArray(value)) {
    return [here, ...value.flatMap((item, index) => placesIn(schema.items, item, [...path, index]))];
  }
  if (schema.kind === 'map' && isRecord(value)) {
    return [here, ...Object.entries(value).flatMap(([name, item]) => placesIn(schema.values, item, [...path, name]))];
  }
  if (schema.kind === 'struct' && isRecord(value)) {
    const members = schema.fields.filter(({ name }) => name in value);
    return [here, ...members.flatMap(({ name, schema: each }) => placesIn(each, value[name], [...path, name]))];
  }
  return [here];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const marker = 'to-be-replaced';

/** The JSON of a value with another in one place, and a huge integer beside all there is. */
function mutated(value: unknown, path: Path, json: string): string {
  const copy = structuredClone({ value }) as Record<string | number, unknown>;
  let holder = copy;
  for (const key of ['value', ...path].slice(0, -1)) holder = holder[key] as typeof copy;
  holder[path.at(-1) ?? 'value'] = marker;
  if (path.length > 0 && isRecord(copy.value)) copy.value.Beside = marker + marker;
  return JSON.stringify(copy.value).replace(`"${marker}"`, json).replace(`"${marker}${marker}"`, '9007199254740993');
}

/** Where a value is not what its interface says. */
function misfits(schema: Schema, value: unknown, path = ''): string[] {
  const unless = (fits: boolean): string[] => (fits ? [] : [path || 'response']);
  switch (schema.kind) {
    case 'any':
      return [];
    case 'long':
      return unless(typeof value === 'number' || typeof value === 'bigint');
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => misfits(schema.items, item, `${path}[${index}]`))
        : unless(false);
    case 'map':
      return isRecord(value)
        ? Object.entries(value).flatMap(([name, item]) => misfits(schema.values, item, under(path, name)))
        : unless(false);
    case 'struct':
      return isRecord(value)
        ? schema.fields.flatMap((field) =>
            field.name in value ? misfits(field.schema, value[field.name], under(path, field.name)) : [],
          )
        : unless(false);
    default:
      return unless(typeof value === schema.kind);
  }
}

function under(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** What stands at a path as drift has it. */
function valueAt(value: unknown, path: string): unknown {
  if (path === 'response') return value;
  const keys = path.match(/[^.[\]]+/g) ?? [];
  return keys.reduce<unknown>((holder, key) => (holder as Record<string, unknown>)[key], value);
}

const products = ['cdn', 'cms', 'cms-20180308', 'cs', 'ecs', 'ram', 'rds', 'ros', 'vpc'];

async function operations(): Promise<AnyOperation[]> {
  const entries = catalog.filter(({ name }) => products.includes(name));
  const services = await Promise.all(entries.map(({ load }) => load()));
  return services
    .flatMap((service) => Object.values(service.operations))
    .filter(({ response, responseType }) => {
      // Of names with dots in them, a path can't be read back.
      return response !== undefined && !response.includes('"') && responseType === undefined;
    });
}

describe('an answer of a real operation with something else in one place', () => {
  let all: AnyOperation[];
  beforeAll(async () => {
    all = await operations();
  });

  it('is no error, and all is read but what is told of, which is handed on as it came', () => {
    fc.assert(
      fc.property(fc.nat(all.length - 1), fc.nat(), fc.constantFrom(...kinds), (index, at, json) => {
        const operation = all[index]!;
        const schema = parseType(operation.response ?? '');
        const sample = sampleOf(schema, operation.action);
        const places = placesIn(schema, sample);
        const { path } = places[at % places.length] ?? { path: [] };
        const told: string[] = [];
        const body = mutated(sample, path, json);
        const read = decoderOf(operation)(answer(body), (misfit) => {
          told.push(...refusalsIn(misfit, []).map(({ path }) => path));
        });

        // What is told of is what does not fit the interface, and nothing else.
        expect(told).toEqual(misfits(schema, read));
        const [first] = told;
        if (first !== undefined && told.length === 1) {
          const value = valueAt(read, first);
          const possible = [parseJson(json), ...itemsIn(parseJson(json))];
          // An integer in a text is read, though its interface has no room for it.
          if (typeof value === 'bigint') expect(possible.map(String)).toContain(String(value));
          else expect(possible).toContainEqual(value);
        }
        if (isRecord(read) && isRecord(sample) && path.length > 0)
          expect(read).toMatchObject({ Beside: 9007199254740993n });
      }),
      { numRuns: 500 },
    );
  });

  it('is an error where that is asked for, if anything is told of, that says what', () => {
    fc.assert(
      fc.property(fc.nat(all.length - 1), fc.nat(), fc.constantFrom(...kinds), (index, at, json) => {
        const operation = all[index]!;
        const schema = parseType(operation.response ?? '');
        const sample = sampleOf(schema, operation.action);
        const places = placesIn(schema, sample);
        const { path } = places[at % places.length] ?? { path: [] };
        const body = mutated(sample, path, json);
        const decode = decoderOf(operation);
        let first: string | undefined;
        decode(answer(body), (misfit) => {
          const [{ path, expected, received } = { path: '', expected: '', received: '' }] = refusalsIn(misfit, []);
          first = `\`${path}\` should be ${expected} and is ${received}`;
        });
        let message: string | undefined;
        try {
          decode(answer(body));
        } catch (error) {
          if (error instanceof UnfitAnswer) message = explainAnswer(error, []).message;
        }
        const { action } = operation;
        expect(message).toBe(first && `The answer to ${action}, status 200, does not fit its description: ${first}`);
      }),
      { numRuns: 200 },
    );
  });
});

/** Whatever stands in a value, at any depth. */
function itemsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value as Record<string, unknown>).flatMap((item) => [item, ...itemsIn(item)]);
}
