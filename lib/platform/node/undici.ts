/** undici, as it is installed. Where it becomes part of a bundle, `undici-bundled.ts` stands in its place; `imports` choose. */
// By its file, as Bun has something of its own for the bare name, which is no client.
export { Client } from 'undici/index.js';
