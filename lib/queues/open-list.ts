import { List } from '#list';
import type { OpenQueue } from './waiting-list.js';

/** First in, first out, and nothing else. */
export const openList: OpenQueue<unknown> = () => new List();
