/** Runs ways of doing the same in turns, and prints what each takes: the median of many short rounds, in CPU time. */

const rounds = 41;

/** `ways` by their names; all must give the same. */
export function compare(ways, times = 20_000) {
  const taken = new Map(Object.keys(ways).map((name) => [name, []]));
  const expected = JSON.stringify(Object.values(ways)[0]());
  for (let round = -5; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const before = process.cpuUsage();
      let last;
      for (let i = 0; i < times; i++) last = way();
      const { user, system } = process.cpuUsage(before);
      if (JSON.stringify(last) !== expected) throw new Error(`${name} gives something else`);
      if (round >= 0) taken.get(name).push((user + system) / times);
    }
  }
  for (const [name, each] of taken) {
    console.log(`${(median(each) * 1000).toFixed(0).padStart(8)} ns  ${name}`);
  }
}

function median(values) {
  return [...values].sort((one, other) => one - other)[values.length >> 1];
}
