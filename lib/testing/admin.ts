/** What an emulator can be told over HTTP, beside the API. */
import { defer, of } from 'rxjs';
import { isAlicloudError } from '../errors.js';
import type { RequestHandler } from './request-handler.js';
import type { Execution } from './executions.js';
import type { Fault } from './faults.js';
import type { EmulatorSnapshot } from './snapshot.js';
import type { Reply, WireRequest } from './wire.js';

const prefix = '/_emulator/';

/** A path of an API that begins with a variable could look like it: its requests say which version they are for. */
function isForAdmin({ target, headers }: WireRequest): boolean {
  return target.startsWith(prefix) && headers['x-acs-version'] === undefined;
}

/** Of an emulator, what is done from outside. */
interface Controlled {
  reset(): void;
  snapshot(): EmulatorSnapshot;
  restore(snapshot: EmulatorSnapshot): void;
  inject(fault: Fault): unknown;
  readonly executions: readonly Execution[];
}

/** A request handler, with what is under the prefix answered by the emulator itself. */
export function withAdmin(handle: RequestHandler, emulator: Controlled): RequestHandler {
  const routes = routesOf(emulator);
  return (wire) => (isForAdmin(wire) ? defer(() => of(answer(routes, wire))) : handle(wire));
}

/** By path and method: what is done, and what is answered; nothing is a 204. */
type Routes = Readonly<Record<string, Readonly<Record<string, (body: unknown) => unknown>>>>;

function routesOf(emulator: Controlled): Routes {
  // What is put is checked where it gets to.
  return {
    health: { GET: () => ({ status: 'ok' }) },
    reset: { POST: () => emulator.reset() },
    snapshot: {
      GET: () => emulator.snapshot(),
      PUT: (body) => emulator.restore(body as EmulatorSnapshot),
    },
    faults: { POST: (body) => void emulator.inject(body as Fault) },
    executions: { GET: () => emulator.executions },
  };
}

function answer(routes: Routes, wire: WireRequest): Reply {
  const name = wire.target.slice(prefix.length);
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (route === undefined) return refusal(404, 'NotFound', `Expected one of ${Object.keys(routes).join(', ')}`);
  // A page that somebody happens to look at must neither read nor change anything here.
  if (wire.headers.origin !== undefined) return refusal(403, 'Forbidden', 'This is not for pages');
  const perform = Object.hasOwn(route, wire.method) ? route[wire.method] : undefined;
  if (perform === undefined) {
    const allow = Object.keys(route).join(', ');
    return { ...refusal(405, 'MethodNotAllowed', `Expected ${allow}`), headers: { ...json, allow } };
  }
  try {
    const { body } = wire;
    const value = perform(parse(typeof body === 'string' ? body : new TextDecoder().decode(body)));
    return value === undefined ? { status: 204, headers: {}, body: '' } : reply(200, value);
  } catch (error) {
    if (isAlicloudError(error)) return refusal(400, 'InvalidRequest', error.message);
    throw error;
  }
}

/** `undefined` where it is no JSON, which no option is. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const json = { 'content-type': 'application/json; charset=utf-8' };

function reply(status: number, value: unknown): Reply {
  return { status, headers: json, body: JSON.stringify(value) };
}

function refusal(status: number, Code: string, Message: string): Reply {
  return reply(status, { Code, Message });
}
