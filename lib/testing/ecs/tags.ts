/**
 * The tags of the emulated ECS, whatever they are on. Only of instances it is known whether they exist; any other resource
 * is taken for one that does.
 */
import { missingParameter } from '../api-error.js';

/** As requests have it. */
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export interface Resource {
  readonly regionId: string;
  /** Such as `instance`, in lower case. */
  readonly type: string;
  readonly id: string;
}

export interface OwnTag extends Resource {
  readonly key: string;
  readonly value: string;
  /** Grows from one tag to the next: their order, and what a page token refers to. */
  readonly number: number;
}

export type NewTag = Pick<OwnTag, 'key' | 'value'>;

export interface Tags {
  /** A tag with a key that is there already takes its place. */
  add(resource: Resource, tags: readonly NewTag[]): void;
  /** All tags, where no keys are given. */
  remove(type: string, id: string, keys?: readonly string[]): void;
  of(type: string, id: string): readonly OwnTag[];
  /** Those of a region, in the order in which they were added. */
  list(regionId: string): readonly OwnTag[];
  all(): readonly OwnTag[];
  /** Puts these in their place. */
  putBack(tags: readonly OwnTag[]): void;
}

export function createTags(): Tags {
  const byResource = new Map<string, Map<string, OwnTag>>();
  let last = 0;
  const keyOf = (type: string, id: string): string => `${type.toLowerCase()} ${id}`;
  return {
    add(resource, added) {
      if (added.length === 0) return;
      const type = resource.type.toLowerCase();
      const key = keyOf(type, resource.id);
      const own = byResource.get(key) ?? new Map<string, OwnTag>();
      byResource.set(key, own);
      for (const tag of added) {
        own.set(tag.key, { ...resource, type, ...tag, number: own.get(tag.key)?.number ?? ++last });
      }
    },
    remove(type, id, keys) {
      const own = byResource.get(keyOf(type, id));
      for (const key of keys ?? []) own?.delete(key);
      if (keys === undefined || own?.size === 0) byResource.delete(keyOf(type, id));
    },
    of: (type, id) => [...(byResource.get(keyOf(type, id))?.values() ?? [])],
    all: () => [...byResource.values()].flatMap((own) => [...own.values()]),
    putBack(tags) {
      byResource.clear();
      last = Math.max(0, ...tags.map(({ number }) => number));
      for (const tag of tags) {
        const key = keyOf(tag.type, tag.id);
        byResource.set(key, (byResource.get(key) ?? new Map<string, OwnTag>()).set(tag.key, tag));
      }
    },
    list: (regionId) =>
      [...byResource.values()]
        .flatMap((own) => [...own.values()])
        .filter((tag) => tag.regionId === regionId)
        .sort((a, b) => a.number - b.number),
  };
}

/** Throws as the service refuses where a tag has no key. */
export function checked(tags: readonly Tag[]): readonly NewTag[] {
  return tags.map(({ Key, Value = '' }, index) => {
    if (Key === undefined || Key === '') throw missingParameter(`Tag.${index + 1}.Key`);
    return { key: Key, value: Value };
  });
}

/** A wanted tag without a value is any with its key. */
export function hasAll(own: readonly OwnTag[], wanted: readonly Tag[]): boolean {
  return wanted.every(({ Key, Value }) =>
    own.some(({ key, value }) => key === Key && (Value === undefined || Value === value)),
  );
}
