/**
 * The emulator's catalog on the site: no product beside those that it has at hand, ECS among them. The whole one would lay
 * 24 MB of other products beside a page that never loads them.
 */
import type { CatalogEntry } from '../../lib/services/catalog.js';

export const catalog: readonly CatalogEntry[] = [];
