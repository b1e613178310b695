/** Which of the names that there are was meant by one that there is not. */

/** `undefined` where none is near. Case counts for nothing. */
export function nearest(given: string, names: Iterable<string>): string | undefined {
  const wanted = given.slice(0, longest).toLowerCase();
  let found: string | undefined;
  // A third of the name may be wrong: beyond that it is another.
  let least = Math.floor(wanted.length / 3) + 1;
  for (const name of names) {
    const distance = editsBetween(wanted, name.toLowerCase(), least);
    if (distance >= least) continue;
    [found, least] = [name, distance];
    if (distance === 0) break;
  }
  return found;
}

const longest = 100;

/** Levenshtein's distance, letters added, taken away and changed; or `enough`, where it is that or more. */
function editsBetween(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  let row = [...before];
  for (let i = 1; i <= a.length; i++) {
    let smallest = (row[0] = i);
    for (let j = 1; j <= b.length; j++) {
      const changed = (before[j - 1] ?? 0) + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
      const edits = Math.min(changed, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      row[j] = edits;
      if (edits < smallest) smallest = edits;
    }
    if (smallest >= enough) return enough;
    [before, row] = [row, before];
  }
  return before[b.length] ?? enough;
}
