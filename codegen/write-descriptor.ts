/** Writes the descriptor of an operation. */
import { readTimeoutOf } from './read-timeouts.js';
import { readFact } from './reads.js';
import { fieldsTable, responseTable, wholeTable } from './tables.js';
import { stringText } from './write-types.js';
import type { Models, Operation } from './model.js';

/** Only what deviates from the default. `product` is the product's code. */
export function descriptorLines(operation: Operation, models: Models, product: string): string[] {
  const { action, httpMethod, path, query, header, body, wholeBody, bodyType } = operation;
  const { response, responseType, anonymous, protocol, upload } = operation;
  const hasBody = body.length > 0 || wholeBody !== undefined;
  const lines: (readonly [string, string | undefined | false])[] = [
    ['action', action],
    ['method', httpMethod !== 'POST' && httpMethod],
    ['path', path],
    ['query', query.length > 0 && fieldsTable(query, models)],
    ['header', header.length > 0 && fieldsTable(header, models)],
    ['body', wholeBody ? wholeTable(wholeBody, models) : body.length > 0 && fieldsTable(body, models)],
    ['bodyType', hasBody && bodyType !== (path === undefined ? 'form' : 'json') && bodyType],
    ['response', response && response.kind !== 'bytes' && responseTable(response, models)],
    ['responseType', responseType !== 'json' && responseType],
    ['protocol', protocol],
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
