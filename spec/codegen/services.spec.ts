import { readdirSync, readFileSync } from 'node:fs';
import { generateAll } from '../../codegen/generate.js';
import { parseBody, parseFields, parseType } from '../../lib/schema/grammar.js';
import type { AnyOperation } from '../../lib/service.js';
import { catalog } from '../../lib/services/catalog.js';

describe('lib/services', () => {
  it('is what the generator writes, and nothing else', () => {
    const generated = [...generateAll('node_modules')];
    expect(readdirSync('lib/services').sort()).toEqual(generated.map(({ file }) => file).sort());
    // Not `toEqual`: the difference of two long texts is slow to print.
    const stale = generated.filter(({ file, text }) => readFileSync(`lib/services/${file}`, 'utf8') !== text);
    expect(stale.map(({ file }) => file)).toEqual([]);
  });

  it.each([
    ['ecs', 'Ecs', '2014-05-26', 380],
    ['sts', 'Sts', '2015-04-01', 4],
    ['cs', 'CS', '2015-12-15', 148],
  ])('has all of %s', async (name, product, version, count) => {
    const entry = catalog.find((candidate) => candidate.name === name);
    expect(entry).toMatchObject({ product, version });
    const { service, operations } = await entry!.load();
    expect(service).toMatchObject({ product, version });
    expect(Object.keys(operations)).toHaveLength(count);
  });

  it('has a table for everything, in the grammar of tables', async () => {
    for (const operation of await allOperations()) {
      const { query, body, response, path, action } = operation;
      const names = [
        ...(query === undefined ? [] : parseFields(query)),
        ...(body === undefined ? [] : fieldsOf(body)),
      ].map(({ name }) => name);
      const variables = [...(path ?? '').matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      expect({ action, names: new Set([...names, ...variables]).size }).toEqual({
        action,
        names: names.length + variables.length,
      });
      if (response !== undefined) parseType(response);
    }
  });

  it('has names of methods that are those of the actions', async () => {
    for (const { load } of catalog) {
      const { operations } = await load();
      for (const [name, { action }] of Object.entries(operations))
        expect(name.toLowerCase()).toBe(action.toLowerCase());
    }
  });
});

async function allOperations(): Promise<AnyOperation[]> {
  const services = await Promise.all(catalog.map(({ load }) => load()));
  return services.flatMap(({ operations }) => Object.values(operations));
}

function fieldsOf(body: string): readonly { name: string }[] {
  const parsed = parseBody(body);
  return 'whole' in parsed ? [parsed.whole] : parsed.fields;
}
