/** How what was measured is called in tables and charts. */
import { clients } from '../http/clients.mjs';
import { queues } from '../pool/queues.mjs';
import { bundles } from '../weight/bundles.mjs';
import { imports } from '../weight/imports.mjs';
import { starts } from '../weight/starts.mjs';

const titles = (kind) => Object.fromEntries(Object.entries(kind).map(([name, { title }]) => [name, title]));

export const clientTitles = titles(clients);
export const queueTitles = { ...titles(queues), call: 'rx-alicloud, a whole call' };
export const bundleTitles = titles(bundles);
export const importTitles = titles(imports);
export const startTitles = titles(starts);

export const scenarioTitles = {
  'http-small': 'HTTP, an answer of 2.9 KB',
  'http-large': 'HTTP, an answer of 155 KB',
  'tls-small': 'TLS, an answer of 2.9 KB',
  'tls-large': 'TLS, an answer of 155 KB',
};
