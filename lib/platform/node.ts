/** What the core needs of the platform, in Node. `browser.ts` is its twin; the package's `imports` choose between them. */
import { createHash, createHmac, randomUUID as uuid } from 'node:crypto';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import type { Connections } from './connections.js';

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacSha256Hex(key: string, data: string): string {
  return createHmac('sha256', key).update(data).digest('hex');
}

/** HMAC-SHA1 in base64. */
export function hmacSha1Base64(key: string, data: string): string {
  return createHmac('sha1', key).update(data).digest('base64');
}

export function randomUUID(): string {
  return uuid();
}

/** Where the SDK runs, for the user agent. */
export function platformName(): string | undefined {
  return `Node.js/${process.version}; ${process.platform}; ${process.arch}`;
}

/** Keep-alive connections of one client. The async mode bounds their number; an idle one keeps no process alive. */
export function openConnections(): Connections {
  const options = { keepAlive: true, maxFreeSockets: Infinity };
  const httpAgent = new Agent(options);
  const httpsAgent = new TlsAgent(options);
  return {
    axiosConfig: { httpAgent, httpsAgent },
    streamConfig: {},
    closeIdle: () => {
      for (const sockets of [httpAgent.freeSockets, httpsAgent.freeSockets]) {
        for (const socket of Object.values(sockets).flat()) socket?.destroy();
      }
    },
  };
}
