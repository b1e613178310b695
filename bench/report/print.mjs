/** The tables in a terminal. */
import Table from 'cli-table3';

export function print({ title, head, rows }) {
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
  });
  table.push(...rows);
  console.log(`\n${title}\n${table}`);
}
