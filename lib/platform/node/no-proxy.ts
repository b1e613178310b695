import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** Whether a host is spoken to without a proxy. The host is as a URL has it, without the brackets of an address. */
export type NoProxy = (hostname: string, port: number) => boolean;

/**
 * Reads a list as `NO_PROXY` holds it: `*` is every host, `example.com` that host and those below it, `.example.com` and
 * `*.example.com` those below it alone, and an address or a network (`10.0.0.0/8`) what it says. A name or an address may
 * be followed by a port. What is none of these is passed over.
 */
export function noProxyIn(list: string, skipsLoopback: boolean): NoProxy {
  const rules = list
    .toLowerCase()
    .split(/[\s,]+/)
    .flatMap((entry) => ruleOf(entry) ?? []);
  if (skipsLoopback) rules.push(...loopback());
  return (hostname, port) => {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    return rules.some((rule) => rule(name, port));
  };
}

function ruleOf(entry: string): NoProxy | undefined {
  if (entry === '') return undefined;
  if (entry === '*') return () => true;
  if (entry.includes('/')) return networkRule(entry);
  const [, name = entry, port] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  const rule = hostRule(name.replace(/^\[|\]$/g, ''));
  return port === undefined ? rule : (hostname, at) => at === Number(port) && rule(hostname, at);
}

function hostRule(name: string): NoProxy {
  const version = isIP(name);
  if (version !== 0) return networkRule(`${name}/${version === 4 ? 32 : 128}`) ?? never;
  if (name === '*') return () => true;
  // A URL has its host in ASCII.
  const domain = asciiOf(name.replace(/^\*?\.|\.$/g, ''));
  if (domain === '') return never;
  const includesItself = /^[^*.]/.test(name);
  return (hostname) => (includesItself && hostname === domain) || hostname.endsWith(`.${domain}`);
}

/** Itself where it is no name that a URL could have. */
function asciiOf(domain: string): string {
  return domainToASCII(domain) || domain;
}

function networkRule(entry: string): NoProxy | undefined {
  const [address = '', bits = ''] = entry.replace(/^\[([^\]]*)\]/, '$1').split('/');
  const family = familyOf(address);
  const prefix = Number(bits);
  if (family === undefined || !/^\d+$/.test(bits) || prefix > (family === 'ipv4' ? 32 : 128)) return undefined;
  const network = new BlockList();
  network.addSubnet(address, prefix, family);
  return (hostname) => {
    const of = familyOf(hostname);
    return of !== undefined && network.check(hostname, of);
  };
}

/** As other programs have it that read the environment: what runs on this machine is none of the proxy's business. */
function loopback(): NoProxy[] {
  return ['localhost', '127.0.0.0/8', '::1/128'].flatMap((entry) => ruleOf(entry) ?? []);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

function never(): boolean {
  return false;
}
