/** Calls of real products against the emulator in process: one line a call. */
import { firstValueFrom } from 'rxjs';
import { isServerError } from '../../../lib/errors.js';
import { flatten } from '../../../lib/schema/flatten.js';
import type { Operation } from '../../../lib/service.js';
import { createEmulator } from '../../../lib/testing/create-emulator.js';
import { apiError } from '../../../lib/testing/api-error.js';
import type { Emulator } from '../../../lib/testing/emulator.js';
import type { EmulatorOptions } from '../../../lib/testing/options.js';
import { keys, sign, type Signable } from './signer.js';
import { stoppedClock } from './things.js';

export interface Session {
  readonly emulator: Emulator;
  readonly clock: ReturnType<typeof stoppedClock>;
  /** Rejects with a `ServerError` where the emulator refuses. */
  readonly call: <Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: NoInfer<Request>,
    parts?: Signable,
  ) => Promise<Response>;
}

export function openSession(options: EmulatorOptions = {}): Session {
  const clock = stoppedClock();
  const emulator = createEmulator({ credentials: keys, clock, bootTime: 1000, ...options });
  return {
    emulator,
    clock,
    async call(operation, request, parts = {}) {
      const query = new Map<string, string>();
      for (const [name, value] of Object.entries(request)) flatten(query, name, value);
      const { action, service } = operation;
      const signed = sign({
        action,
        version: service.version,
        time: clock(),
        query: Object.fromEntries(query),
        ...parts,
      });
      const { status, body } = await firstValueFrom(emulator.transport.send(signed));
      const answer = JSON.parse(body) as { Code: string; Message: string };
      if (status !== 200) throw apiError(status, answer.Code, answer.Message);
      // The emulator answers an operation with its response: that is what these specs are about.
      return answer as never;
    },
  };
}

/** `403 IncorrectInstanceStatus`, or `accepted`. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'accepted';
  } catch (error) {
    if (isServerError(error)) return `${error.status} ${error.code}`;
    throw error;
  }
}
