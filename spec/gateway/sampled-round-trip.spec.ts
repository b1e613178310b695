/** Whatever fits a descriptor of any product, and what does not: through a gateway as directly. */
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { isRegionNaming } from '../../lib/gateway/regions.js';
import type { AnyOperation, ServiceDefinition } from '../../lib/service.js';
import { edgeChoices, type Choices } from '../conformance/choices.js';
import { randomOf, type Random } from '../conformance/random.js';
import { sampleRequest, type Sample } from '../conformance/samples.js';
import { regionId } from './support.js';
import { outcomeOf, waysOf } from './ways.js';

/** All of them: `PRODUCTS=111 OPERATIONS=30 npx jest spec/gateway/sampled-round-trip`. */
const seed = process.env.FC_SEED ?? String(Date.now() % 2 ** 31);
const products = Number(process.env.PRODUCTS ?? 6);
const operations = Number(process.env.OPERATIONS ?? 15);

/** What no field of a request takes, or some do. */
const odd: readonly unknown[] = [
  undefined,
  null,
  NaN,
  Infinity,
  -0,
  2n ** 63n,
  new Date(0),
  new Date(NaN),
  Symbol('odd'),
  () => 1,
  [undefined],
  [null],
  [,],
  { a: undefined },
  new Map([['a', 1]]),
  Object.create(null),
  Object.create({ inherited: 1 }),
  JSON.parse('{"a":{"b":1}}'),
  new String('text'),
  1,
  'text',
  true,
];

function choicesOf(random: Random): Choices {
  const edges = edgeChoices(random);
  const within = (text: (name: string) => string) => (name: string) => (isRegionNaming(name) ? regionId : text(name));
  return {
    ...edges,
    text: within(edges.text),
    headerText: within(edges.headerText),
    pathText: within(edges.pathText),
  };
}

/** With another value in one place, however deep. */
function changed(value: unknown, random: Random): unknown {
  const isList = Array.isArray(value);
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 0 || random.below(3) === 0) return random.pick(odd);
  const key = random.pick(keys);
  const within = changed((value as Record<string, unknown>)[key], random);
  return isList
    ? value.map((item: unknown, i) => (String(i) === key ? within : item))
    : { ...(value as object), [key]: within };
}

function oddRequest(request: Sample, random: Random): unknown {
  const names = Object.keys(request);
  if (names.length === 0 || random.below(8) === 0)
    return { ...request, [random.pick(['Odd', 'Action', 'RegionId'])]: random.pick(odd) };
  const name = random.pick(names);
  return isRegionNaming(name) ? request : { ...request, [name]: changed(request[name], random) };
}

/** What the SDK itself fails with behind the gateway is none of the page's. */
function translated(outcome: unknown): unknown {
  const { code } = outcome as { readonly code?: string };
  return code === 'SDK.EndpointUnknown' || code === 'SDK.InvalidResponse'
    ? expect.objectContaining({ code: 'Gateway.UpstreamFailed', status: 502 })
    : outcome;
}

describe(`operations of products, FC_SEED=${seed}`, () => {
  const random = randomOf(seed);
  const names = readdirSync(resolve(__dirname, '../../lib/services'))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => name !== 'catalog');
  const sampled = names
    .map((name) => [random.below(2 ** 31), name] as const)
    .sort(([a], [b]) => a - b)
    .slice(0, products)
    .map(([, name]) => name);

  it.each(sampled)('of %s', async (name) => {
    const module = (await import(`../../lib/services/${name}.js`)) as Record<string, ServiceDefinition<object>>;
    const definition = Object.values(module).find((each) => typeof each === 'object' && 'operations' in each);
    const every = Object.values(definition?.operations ?? {}) as AnyOperation[];
    const chosen = [...new Set(Array.from({ length: operations }, () => random.pick(every)))];
    const ways = waysOf(chosen);
    for (const operation of chosen) {
      const fitting = sampleRequest(operation, choicesOf(random));
      for (const request of [fitting, oddRequest(fitting, random), oddRequest(fitting, random)]) {
        const direct = await outcomeOf(ways.direct, operation, request);
        const through = await outcomeOf(ways.through, operation, request);
        expect({ operation, request, outcome: through }).toEqual({ operation, request, outcome: translated(direct) });
      }
    }
  });
});
