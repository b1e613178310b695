/** The list of a pool's calls, in Node, where a million may wait. `list-browser.ts` is its twin. */
export { ChunkedList as List } from './chunked-list.js';
