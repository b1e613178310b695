// What `npm run mutation` breaks, a folder of `lib` a pass, and the specs that are to notice it.
import { readdirSync } from 'node:fs';

export const passes = {
  throttling: ['throttling', 'calls/throttling', 'calls/matrix', 'calls/seams'],
  retry: ['retry', 'calls/retry', 'calls/throttling', 'calls/seams'],
  async: ['async', 'calls/slots', 'calls/cancel-within', 'calls/throwing-finalisers', 'calls/reentrant'],
  pipeline: ['pipeline', 'calls', 'clock', 'events'],
};

/** Those that take seconds, of long texts or a million tasks, or need the generated services. */
const slow = ['async/million', 'pipeline/drift', 'pipeline/server-error', 'pipeline/odd-values'];

/** The spec files of a pass, without an ending. */
export function specsOf(pass) {
  const specs = passes[pass].flatMap((name) => (name.includes('/') ? [name] : specsIn(name)));
  return [...new Set(specs)].filter((name) => !slow.includes(name));
}

function specsIn(folder) {
  const files = readdirSync(`spec/${folder}`).filter((file) => file.endsWith('.spec.ts'));
  return files.map((file) => `${folder}/${file.replace('.spec.ts', '')}`);
}
