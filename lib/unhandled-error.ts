import { throwError } from 'rxjs';

/** Reports what is nobody's to handle as RxJS does: to `config.onUnhandledError`, else it is thrown from a timer. */
export function reportUnhandled(error: unknown): void {
  throwError(() => error).subscribe();
}

/** Calls what belongs to somebody else: what it throws is reported, and harms nobody. */
export function callSafely(foreign: () => void): void {
  try {
    foreign();
  } catch (error) {
    reportUnhandled(error);
  }
}
