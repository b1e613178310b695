/** From an official package to the text of a service. */
import { markFiles } from './files.js';
import { findPager } from './pager.js';
import { readClient } from './read-client.js';
import { readModels } from './read-models.js';
import { reasonOf, Refusal } from './refusal.js';
import { descriptorLines, tablesOf } from './write-descriptor.js';
import { writeService, type Naming } from './write-service.js';
import type { Api, Models, Operation, Refused } from './model.js';
import type { Package } from './read-package.js';

export interface Generated {
  readonly text: string;
  /** The API's version. */
  readonly version: string;
  readonly operations: number;
  /** Their names on the wire. */
  readonly actions: readonly string[];
  /** What was not understood, and is left out. */
  readonly refused: readonly Refused[];
}

/** One service; the names are for its file. */
export function generate(source: Package, naming: Omit<Naming, 'source'>): Generated {
  const read = readModels(source.models, naming.docs);
  const { api, models } = markFiles(readClient(source.client, read, naming.product), read);
  const writable = withPagers(withoutUnwritable(naming.docs ? api : withoutDocs(api), models, naming.product), models);
  const text = writeService({ ...naming, source: `${source.name} ${source.version}` }, writable, models);
  const { version, operations, refused } = writable;
  const actions = operations.map(({ action }) => action);
  return { text, version, operations: operations.length, actions, refused };
}

/** What the grammar of tables has no words for is left out, too. */
function withoutUnwritable(api: Api, models: Models, product: string): Api {
  const refused = [...api.refused];
  const operations = api.operations.filter((operation) => {
    try {
      return descriptorLines(operation, models, product).length > 0;
    } catch (error) {
      refused.push({ method: operation.method, reason: reasonOf(error) });
      return false;
    }
  });
  if (operations.length === 0) throw new Refusal(undefined, refused[0]?.reason ?? '');
  return { ...api, operations, refused };
}

function withPagers(api: Api, models: Models): Api {
  const operations = api.operations.map((operation): Operation => {
    const { action, responseType } = operation;
    const found = findPager({ action, responseType, ...tablesOf(operation, models) });
    return found !== undefined && 'pages' in found ? { ...operation, pager: found } : operation;
  });
  return { ...api, operations };
}

function withoutDocs(api: Api): Api {
  return { ...api, operations: api.operations.map((operation) => ({ ...operation, docs: undefined })) };
}
