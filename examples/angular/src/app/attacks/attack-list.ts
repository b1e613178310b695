import { attacks as listed, goodCall, type Attack as ListedAttack, type Wire } from '#attacks';

/** What a page can try against the gateway: each must be refused, with nothing sent to the cloud. */
export interface Attack {
  readonly group: string;
  readonly name: string;
  /** What would be gained by it. */
  readonly gain: string;
  /** How it is refused. */
  readonly status: number;
  readonly code: string;
  send(): Promise<Response>;
}

/** Those of the list that a page can send, and those that take a browser: without its cookie, or twice. */
export const attacks: readonly Attack[] = [
  ...listed.filter(({ inBrowser }) => inBrowser).map(fromList),
  ...ofBrowsers(),
];

function fromList({ group, name, gain, status, code, change }: ListedAttack): Attack {
  return { group, name, gain, status, code, send: () => post(change(good())) };
}

function ofBrowsers(): Attack[] {
  return [
    {
      group: 'Who calls',
      name: 'nobody',
      gain: 'acts in the name of the gateway',
      status: 401,
      code: 'Gateway.Unauthenticated',
      send: () => post(good(), 'omit'),
    },
    {
      group: 'The attempt',
      name: 'the same id with another body',
      gain: 'reads the answer to another call',
      status: 409,
      code: 'Gateway.AttemptMismatch',
      async send() {
        const call = good();
        await post(call);
        return post({ ...call, body: '{"request":{"PageSize":2},"regionId":"cn-hangzhou"}' });
      },
    },
  ];
}

function good(): Wire {
  return goodCall(location.host, location.origin, crypto.randomUUID());
}

/** Whose values a browser writes by itself. */
const ofTheBrowser = ['host', 'origin', 'cookie'];

function post(
  { method, target, headers, body }: Wire,
  credentials: RequestCredentials = 'same-origin',
): Promise<Response> {
  const sent = headers
    .filter(([name]) => !ofTheBrowser.includes(name))
    .map(([name, value]): [string, string] => [name, value]);
  // Each character is a byte.
  const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0));
  return fetch(target, { method, headers: sent, body: bytes, credentials });
}
