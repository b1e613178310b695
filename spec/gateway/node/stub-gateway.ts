import { EMPTY, NEVER } from 'rxjs';
import type { Gateway } from '../../../lib/gateway/gateway.js';

/** A gateway that does with a request what a spec says, for specs of what stands around gateways. */
export function stubGateway(handle: Gateway['handle']): Gateway {
  return {
    path: '/api/alicloud',
    handle,
    refuse: (code, _info, message) => Response.json({ Code: code, Message: message }, { status: 400 }),
    events$: NEVER,
    close: () => EMPTY,
  };
}
