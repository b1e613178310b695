/** Fresh processes, one after the other in rounds, so that what else the machine does falls on all. */

/** What `run(name)` has told in each round, by name. One round before does not count: it brings the files into the system's cache. */
export async function takeTurns(names, rounds, run) {
  const turns = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const turn = await run(name);
      if (round >= 0) turns[name].push(turn);
    }
  }
  return Object.entries(turns).map(([name, taken]) => ({ name, series: (key) => taken.map((turn) => turn[key]) }));
}
