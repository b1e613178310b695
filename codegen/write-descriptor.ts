/** Writes the descriptor of an operation. */
import { readTimeoutOf } from './read-timeouts.js';
import { readFact } from './reads.js';
import { fieldsTable, responseTable, wholeTable } from './tables.js';
import { stringText } from './write-types.js';
import type { Models, Operation } from './model.js';

/** Only what deviates from the default. `product` is the product's code. */
export function descriptorLines(operation: Operation, models: Models, product: string): string[] {
  const { action, httpMethod, path, header, body, wholeBody, bodyType } = operation;
  const { responseType, anonymous, protocol, upload, pager } = operation;
  const hasBody = body.length > 0 || wholeBody !== undefined;
  const tables = tablesOf(operation, models);
  const lines: (readonly [string, string | undefined | false])[] = [
    ['action', action],
    ['method', httpMethod !== 'POST' && httpMethod],
    ['path', path],
    ['query', tables.query],
    ['header', header.length > 0 && fieldsTable(header, models)],
    ['body', tables.body],
    ['bodyType', hasBody && bodyType !== (path === undefined ? 'form' : 'json') && bodyType],
    ['response', tables.response],
    ['responseType', responseType !== 'json' && responseType],
    ['protocol', protocol],
    ['pages', pager?.pages],
  ];
  const texts = lines.flatMap(([key, value]) => (typeof value === 'string' ? [`${key}: ${stringText(value)}`] : []));
  if (anonymous) texts.push('anonymous: true');
  const read = readFact(product, operation);
  if (read !== undefined) texts.push(`read: ${read}`);
  const readTimeout = readTimeoutOf(product, action);
  if (readTimeout !== undefined) texts.push(`readTimeout: ${readTimeout}`);
  if (upload)
    texts.push(
      `upload: { product: ${stringText(upload.product)}, fields: [${upload.fields.map(stringText).join(', ')}] }`,
    );
  return texts;
}

export type Tables = Partial<Record<'query' | 'body' | 'response', string>>;

/** What goes over the wire, as the descriptor says it. */
export function tablesOf({ query, body, wholeBody, response }: Operation, models: Models): Tables {
  const bodyTable = wholeBody ? wholeTable(wholeBody, models) : body.length > 0 ? fieldsTable(body, models) : undefined;
  return {
    ...(query.length > 0 ? { query: fieldsTable(query, models) } : {}),
    ...(bodyTable === undefined ? {} : { body: bodyTable }),
    ...(response === undefined || response.kind === 'bytes' ? {} : { response: responseTable(response, models) }),
  };
}
