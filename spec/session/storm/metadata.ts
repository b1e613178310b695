/** A metadata service of ECS instances, which has hiccups: an error, a reset, half of its JSON. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lastValueFrom, retry } from 'rxjs';
import type { StsClient } from '../../../lib/services/sts.js';
import { randomOf } from '../../conformance/random.js';

export interface Metadata {
  readonly origin: string;
  readonly hiccups: () => number;
  close(): Promise<unknown>;
}

const role = 'storm';
const rolePath = `/latest/meta-data/ram/security-credentials/`;

/** No two hiccups in a row at a path: what passes at once is to fail nobody. */
export async function startMetadata(sts: StsClient, seed: string, isTroubled: boolean): Promise<Metadata> {
  const random = randomOf(seed);
  const spared = new Set<string>();
  let hiccups = 0;

  function hasHiccup(path: string): boolean {
    if (!isTroubled || spared.delete(path) || random.below(2) === 0) return false;
    spared.add(path);
    hiccups++;
    return true;
  }

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    request.resume();
    void bodyOf(path, sts).then((body) => {
      if (!hasHiccup(path)) response.end(body);
      else random.pick(path === `${rolePath}${role}` ? [...failures, truncate] : failures)(response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hiccups: () => hiccups,
    close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
}

type Failure = (response: ServerResponse, body: string) => void;

const failures: readonly Failure[] = [
  (response) => response.writeHead(503).end('{"Code":"ServiceUnavailable"}'),
  (response) => response.socket?.resetAndDestroy(),
];

const truncate: Failure = (response, body) => response.end(body.slice(0, body.length / 2));

async function bodyOf(path: string, sts: StsClient): Promise<string> {
  if (path === '/latest/api/token') return 'token';
  if (path === rolePath) return role;
  const assumed$ = sts.assumeRole({
    RoleArn: `acs:ram::1234567890123456:role/${role}`,
    RoleSessionName: role,
    DurationSeconds: 900,
  });
  // The weather strikes it, too, and is not what this is about.
  const { Credentials } = await lastValueFrom(assumed$.pipe(retry({ delay: 10 })));
  return JSON.stringify({ Code: 'Success', ...Credentials });
}
