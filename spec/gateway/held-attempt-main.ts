/** A gateway in a process of its own that makes an attempt whose answer never comes: for those who kill it. */
import { Redis } from 'ioredis';
import { NEVER } from 'rxjs';
import { redisAttempts } from '../../lib/gateway/redis/index.js';
import { send, siteOf, type Call } from './support.js';

const [socket, prefix, call] = process.argv.slice(2).map((arg) => JSON.parse(arg) as unknown) as [string, string, Call];
const site = siteOf({
  transport: { send: () => (process.send?.({ sent: true }), NEVER) },
  attempts: { store: redisAttempts({ connection: new Redis(socket), prefix }), lease: 300 },
});
void send(site, call);
