/**
 * ` (did you mean \`http\`?)`: the name that was probably meant, which differs in case, hyphens and underscores, or in one or
 * two letters side by side; empty where there is none.
 */
export function meant(name: string, known: readonly string[]): string {
  const distances = known.map((each) => distance(plain(name), plain(each)));
  const least = Math.min(...distances);
  const found = known[distances.indexOf(least)] ?? '';
  return least < Math.min(3, found.length) ? ` (did you mean \`${found}\`?)` : '';
}

/** A name without what is easily got wrong. */
export function plain(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}

/** How many letters are left when what both begin and end with is taken away. */
function distance(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  let start = 0;
  while (start < length && one[start] === other[start]) start++;
  let end = 0;
  while (end < length - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  return Math.max(one.length, other.length) - start - end;
}
