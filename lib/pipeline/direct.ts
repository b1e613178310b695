/** The way of sending without a gateway: each call is written, signed and sent to the service's own host. */
import { credentials } from './credentials.js';
import { encode } from './encode.js';
import { endpoint } from './endpoint.js';
import type { Sending } from './sending.js';
import { sign } from './sign.js';
import { throttle } from './throttle.js';
import { uploads } from './uploads.js';

/** One object, as bundlers would make one of a module's exports by code of their own. */
export const direct: Sending = { credentials, encode, endpoint, sign, throttle, uploads };
