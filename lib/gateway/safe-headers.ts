/** Which headers of a service are passed on: few, and none that could say anything else than its one value. */

import type { Inside } from './inside.js';

/** A service's other headers speak to the gateway, or of what stands behind it: cookies, servers, how to keep a connection. */
const passed: readonly (readonly [name: string, look: RegExp])[] = [
  ['x-acs-request-id', /^[\w-]{1,128}$/],
  ['x-fc-request-id', /^[\w-]{1,128}$/],
  ['x-fc-error-type', /^[\w.-]{1,128}$/],
  ['x-fc-async-task-id', /^[\w.-]{1,128}$/],
];

export function safeHeaders(headers: Readonly<Record<string, string>>, inside: Inside): Record<string, string> {
  return Object.fromEntries(
    passed.flatMap(([name, look]) => {
      const value = headers[name];
      return typeof value === 'string' && look.test(value) && inside.hide(value) === value ? [[name, value]] : [];
    }),
  );
}
