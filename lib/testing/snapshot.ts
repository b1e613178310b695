/** What an emulator knows, as a value that can be kept and put back. */
import { checkOptions, integerFrom, invalidOption } from '../schema/options.js';
import { isPlainObject } from '../schema/values.js';
import type { CredentialStore, StoredCredentials } from './credentials.js';
import type { Instance, Instances } from './ecs/instances.js';
import type { OwnTag, Tags } from './ecs/tags.js';
import type { Ids } from './ids.js';

/** JSON: the state of ECS, the temporary credentials that STS has handed out, and where ids go on from. */
export interface EmulatorSnapshot {
  readonly format: 1;
  readonly position: number;
  readonly instances: readonly object[];
  readonly tags: readonly object[];
  readonly credentials: readonly object[];
}

export interface Memory {
  readonly ids: Ids;
  readonly instances: Instances;
  readonly tags: Tags;
  readonly credentials: CredentialStore;
}

export function takeSnapshot({ ids, instances, tags, credentials }: Memory): EmulatorSnapshot {
  return structuredClone({
    format: 1,
    position: ids.position,
    instances: instances.all(),
    tags: tags.all(),
    credentials: credentials.issued(),
  });
}

/** Throws an `SDK.InvalidConfiguration` where it is no snapshot; nothing is changed then. */
export function putBack(snapshot: EmulatorSnapshot, { ids, instances, tags, credentials }: Memory): void {
  checkSnapshot(snapshot);
  const copy = structuredClone(snapshot);
  ids.moveTo(copy.position);
  // They were taken from there, as their format says.
  instances.putBack(copy.instances as readonly Instance[]);
  tags.putBack(copy.tags as readonly OwnTag[]);
  credentials.putBack(copy.credentials as readonly StoredCredentials[]);
}

function checkSnapshot(snapshot: unknown): void {
  const list = (path: string, texts: readonly string[]) => (value: unknown) => {
    const isText = (item: unknown, name: string): boolean => isPlainObject(item) && typeof item[name] === 'string';
    if (Array.isArray(value) && value.every((item: unknown) => texts.every((name) => isText(item, name)))) return;
    throw invalidOption(`snapshot.${path}`, `a list of objects with ${texts.join(', ')}`, value);
  };
  const rules = {
    format: { expected: '1, as `snapshot` writes it', fits: (value: unknown) => value === 1 },
    position: integerFrom(-(2 ** 31)),
    instances: list('instances', ['id', 'regionId', 'status', 'settled']),
    tags: list('tags', ['regionId', 'type', 'id', 'key', 'value']),
    credentials: list('credentials', ['accessKeyId', 'accessKeySecret', 'account']),
  };
  if (!isPlainObject(snapshot)) throw invalidOption('snapshot', 'what `snapshot` gave', snapshot);
  checkOptions<EmulatorSnapshot>({ ...missing, ...snapshot }, rules, 'snapshot.');
}

/** `null` is nothing that fits, and is not left out as `undefined` is. */
const missing = { format: null, position: null, instances: null, tags: null, credentials: null };
