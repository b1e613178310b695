/** Marks the fields that take a file in place of its address. */
import type { Api, Field, Model, Models, Operation, Parameter, Type } from './model.js';

const file: Type = { kind: 'file' };

/** The API and the models, with those fields of type `file`. */
export function markFiles(api: Api, models: Models): { api: Api; models: Models } {
  const marked = new Map(models);
  const mark = (parameter: Parameter, field: string): Parameter => {
    const [list, inner] = field.split('[].');
    if (parameter.name !== list) return parameter;
    if (inner === undefined) return { ...parameter, type: file };
    const items = parameter.type.kind === 'array' ? parameter.type.items : undefined;
    if (items?.kind === 'model') markIn(marked, items.name, inner);
    return parameter;
  };
  const operations = api.operations.map((operation): Operation => {
    const fields = operation.upload?.fields ?? [];
    const markAll = (parameters: readonly Parameter[]): readonly Parameter[] =>
      parameters.map((parameter) => fields.reduce(mark, parameter));
    return { ...operation, query: markAll(operation.query), body: markAll(operation.body) };
  });
  return { api: { ...api, operations }, models: marked };
}

function markIn(models: Map<string, Model>, name: string, inner: string): void {
  const model = models.get(name);
  if (!model) return;
  const fields = [...model.fields].map(([key, field]): [string, Field] => [
    key,
    field.name === inner ? { ...field, type: file } : field,
  ]);
  models.set(name, { name, fields: new Map(fields) });
}
