/** What each process tells: a table that is drawn anew twice a second on a terminal, a line every two seconds elsewhere. */
import Table from 'cli-table3';

/** @param told A Map of what each process has told last, by its name */
export function show(told) {
  let lines = 0;
  const draw = () => {
    if (!process.stdout.isTTY) return console.log(lineOf(told));
    const text = `${tableOf(told)}\n`;
    process.stdout.write(`${lines > 0 ? `\x1b[${lines}A\x1b[0J` : ''}${text}`);
    lines = text.split('\n').length - 1;
  };
  const timer = setInterval(draw, process.stdout.isTTY ? 500 : 2000);
  return {
    stop() {
      clearInterval(timer);
      draw();
    },
  };
}

function tableOf(told) {
  const table = new Table({
    head: ['Process', 'Pid', 'State', 'Running', 'Waiting', 'Ended'],
    style: { head: [], border: [] },
  });
  for (const [name, { pid, state, running = 0, waiting = '', ended = 0 }] of told) {
    table.push([name, pid, state, running, waiting, ended]);
  }
  return table.toString();
}

function lineOf(told) {
  return [...told]
    .map(([name, { state, running = 0, ended = 0 }]) => `${name} ${state}, ${running} running, ${ended} ended`)
    .join(' | ');
}
