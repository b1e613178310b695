/** Keeps no templates, wherever Node is not: the browser's own hashing takes longer by far. `templates-node.ts` is its twin. */
import type { MakeTemplate } from './template.js';

export function templates(make: MakeTemplate): MakeTemplate {
  return make;
}
