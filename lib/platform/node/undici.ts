// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- it declares a module, and is none itself
/// <reference path="./undici-client.d.ts" />
/**
 * undici, as it is installed. Where it becomes part of a bundle, `undici-bundled.ts` stands in its place; `imports` choose.
 *
 * Its client alone: the package's own entry loads six times as many files, `fetch` and WebSocket among them, which takes 50 ms
 * and 8 MB more, and makes itself the dispatcher of the process' `fetch`. And by its file, as Bun has something of its own for
 * the bare name, which is no client.
 */
export { default as Client } from 'undici/lib/dispatcher/client.js';
