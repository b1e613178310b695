import { defer, map, switchMap } from 'rxjs';
import { isWindows, runProgram } from '#host';
import type { CredentialsProvider } from '../credentials/credentials.js';
import { expiryIn, readAnswer } from './answer.js';
import { firstOf } from './first-of.js';
import type { ProviderOptions } from './options.js';
import { refreshing, type ExpiringCredentials } from './refreshing.js';
import { sectionOf, type Section } from './section.js';
import { splitCommand } from './split-command.js';
import { explained, unavailable } from './unavailable.js';

/**
 * What a program prints: a profile as JSON, with the `expiration` of its credentials where they have one. `providerOf`
 * makes a provider of it. Neither the command nor what it prints is shown anywhere.
 */
export function external(
  command: string,
  { clock }: ProviderOptions,
  providerOf: (printed: Section) => CredentialsProvider,
): CredentialsProvider {
  return refreshing(
    () =>
      defer(() => {
        const [program, ...args] = splitCommand(command, isWindows());
        if (program === undefined) throw unavailable('expected a program and its arguments, every quote closed');
        return runProgram(program, args);
      }).pipe(
        switchMap((output) => {
          const printed = readAnswer(output);
          if (printed === undefined) throw unavailable('expected it to print a JSON object');
          const provider = providerOf(sectionOf('printed', printed.members));
          return firstOf<ExpiringCredentials>(provider).pipe(
            map(({ expires, ...credentials }) => ({
              ...credentials,
              providerName: 'external',
              expires: expires ?? expiryIn(printed),
            })),
          );
        }),
        explained('the program of process_command'),
      ),
    { clock },
  );
}
