/** From an official package to the text of a service. */
import { markFiles } from './files.js';
import { readClient } from './read-client.js';
import { readModels } from './read-models.js';
import { reasonOf, Refusal } from './refusal.js';
import { descriptorLines } from './write-descriptor.js';
import { writeService, type Naming } from './write-service.js';
import type { Api, Models, Refused } from './model.js';
import type { Package } from './read-package.js';

export interface Generated {
  readonly text: string;
  /** The API's version. */
  readonly version: string;
  readonly operations: number;
  /** What was not understood, and is left out. */
  readonly refused: readonly Refused[];
}

/** One service; the names are for its file. */
export function generate(source: Package, naming: Omit<Naming, 'source'>): Generated {
  const read = readModels(source.models, naming.docs);
  const { api, models } = markFiles(readClient(source.client, read, naming.product), read);
  const writable = withoutUnwritable(naming.docs ? api : withoutDocs(api), models);
  const text = writeService({ ...naming, source: `${source.name} ${source.version}` }, writable, models);
  const { version, operations, refused } = writable;
  return { text, version, operations: operations.length, refused };
}

/** What the grammar of tables has no words for is left out, too. */
function withoutUnwritable(api: Api, models: Models): Api {
  const refused = [...api.refused];
  const operations = api.operations.filter((operation) => {
    try {
      return descriptorLines(operation, models).length > 0;
    } catch (error) {
      refused.push({ method: operation.method, reason: reasonOf(error) });
      return false;
    }
  });
  if (operations.length === 0) throw new Refusal(undefined, refused[0]?.reason ?? '');
  return { ...api, operations, refused };
}

function withoutDocs(api: Api): Api {
  return { ...api, operations: api.operations.map((operation) => ({ ...operation, docs: undefined })) };
}
