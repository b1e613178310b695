/** Where Node is not, there is no environment, no file and no program: credentials come over the network, or from the page. */
import { throwError, type Observable } from 'rxjs';

export function hasEnvironment(): boolean {
  return false;
}

export function environmentVariable(_name: string): string | undefined {
  return undefined;
}

/** As it is called in errors. */
export function homeDirectory(): string | undefined {
  return '~';
}

export function readTextFile(_path: string): Promise<string> {
  return Promise.reject(new Error('there are no files here, outside of Node'));
}

export function isWindows(): boolean {
  return false;
}

export function runProgram(_file: string, _args: readonly string[]): Observable<string> {
  return throwError(() => new Error('no program can be run here, outside of Node'));
}
