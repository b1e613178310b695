/** A host name with several addresses, of which only the last answers. */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

const host = 'ecs.storm.example';

/** Nobody listens at the first ones. */
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.1'].map((address) => ({ address, family: 4 }));

/** The same server by its name. */
export function manyAddressed(url: string): string {
  return url.replace('127.0.0.1', host);
}

/** Has the name resolved in this process, until what it returns is called. */
export function addressMany(): () => void {
  const { lookup } = dns;
  const mocked = (name: string, options: object, callback: (error: null, found: unknown) => void): void =>
    name === host ? callback(null, addresses) : lookup(name, options, callback as never);
  replace(mocked as never);
  return () => replace(lookup);
}

/** `import { lookup }` is told of it, too. */
function replace(lookup: typeof dns.lookup): void {
  dns.lookup = lookup;
  syncBuiltinESMExports();
}
