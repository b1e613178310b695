import type { Protocol } from '../service.js';

/** How a request is written and authorised; `unsigned`: as it was encoded, by what is in it. */
export type Writing = Protocol | 'unsigned';
