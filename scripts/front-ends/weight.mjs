// How much of a bundle is whose, by its source maps.
import { SourceMap } from 'node:module';
import { gzipSync } from 'node:zlib';

/** The packages that an app gets with this one, and those that it has anyway. */
const groups = [
  ['ours', /rx-alicloud[/\\](?:dist|lib)[/\\]|node_modules[/\\](?:axios|io-ts|fp-ts)[/\\]/],
  // Where a bundler takes the maps of RxJS into its own, its files are named as there.
  ['rxjs', /node_modules[/\\]rxjs[/\\]|\.\.[/\\]src[/\\]internal[/\\]/],
];

/** The gzipped sizes of what each group has in these files, in bytes. A file without a `map`, a parsed source map, is of no group. */
export function weigh(files) {
  const texts = { ours: '', rxjs: '', other: '' };
  for (const { code, map } of files) {
    if (map === undefined) continue;
    const sourceMap = new SourceMap(map);
    for (const [line, text] of code.split('\n').entries()) {
      let [begin, group] = [0, 'other'];
      for (let column = 0; column <= text.length; column++) {
        const now = column === text.length ? undefined : groupOf(sourceMap.findEntry(line, column).originalSource);
        if (now === group) continue;
        texts[group] += text.slice(begin, column);
        [begin, group] = [column, now];
      }
    }
  }
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, gzipSync(text, { level: 9 }).length]));
}

function groupOf(source) {
  return groups.find(([, pattern]) => pattern.test(source ?? ''))?.[0] ?? 'other';
}
