/** The list of a pool's calls, wherever Node is not: the one that is there anyway, as few wait there. `list-node.ts` is its twin. */
export { WaitingList as List } from './waiting-list.js';
