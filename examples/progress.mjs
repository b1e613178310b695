import cliProgress from 'cli-progress';
import { Observable, finalize, tap } from 'rxjs';

/** Passes a stream on and draws a bar of how far it is: by default, how many of `total` values have come. */
export function progress(title, total, done = (_value, index) => index + 1) {
  return (source) =>
    new Observable((subscriber) => {
      const bar = new cliProgress.SingleBar({
        format: `${title.padEnd(22)} [{bar}] {value}/{total}  {duration_formatted}`,
        hideCursor: true,
        // Where the output is a file or a pipe, a line now and then instead of a moving bar.
        noTTYOutput: true,
        notTTYSchedule: 1000,
      });
      let index = 0;
      bar.start(total, 0);
      return source
        .pipe(
          tap({ next: (value) => bar.update(done(value, index++)), complete: () => bar.stop() }),
          finalize(() => bar.stop()),
        )
        .subscribe(subscriber);
    });
}
