/** Tables in Markdown. */

/** The code in the first cell of each row of the first table below a heading. */
export function firstCells(page: string, heading: string): string[][] {
  return rowsBelow(page, heading).map(([first = '']) => [...first.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code));
}

/** The cells of the table's rows. A bar that belongs to a text has a backslash before it. */
export function rowsOf(table: string): string[][] {
  return table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

function rowsBelow(page: string, heading: string): string[][] {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`));
  const table = /^\|[^]*?\n(?!\|)/m.exec(section ?? '')?.[0];
  if (table === undefined) throw new Error(`There is no table below "${heading}"`);
  return rowsOf(table);
}
