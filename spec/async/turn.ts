import { asapScheduler } from 'rxjs';

/** Ends when what was to happen after the code that runs now has happened: slots that were freed by a cancel are filled then. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void asapScheduler.schedule(() => resolve()));
}
