/** Requests, answers and events with a secret in each of their fields. */
import type { ResponseEvent, CallEvent, CallFacts } from '../../lib/events/events.js';
import type { HttpRequest, HttpResponse } from '../../lib/transport/transport.js';

/** Those of the call's credentials. */
export const keySecret = 'kJ3hunter2&Secret=';
export const token = 'CAIS+x/1y&z<"=\'==';
export const secrets = [keySecret, token];

/** One that no credentials tell of: it is known by the name of its field alone. */
export const password = 'Hidden1234!';

export const accessKeyId = 'LTAI5tQn8vGf3kYz7WpB';

/** How a text may be written. */
export const writings: readonly ((text: string) => string)[] = [
  asItIs,
  encodeURIComponent,
  asInForms,
  asInJson,
  asInJsonInJson,
];

export function expectNoSecretIn(shown: unknown): void {
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown, null, 1);
  for (const secret of [keySecret, token, password, accessKeyId]) {
    for (const write of writings) expect(text).not.toContain(write(secret));
  }
}

const form = (parameters: Record<string, string>): string => new URLSearchParams(parameters).toString();

export const origin = 'https://ecs.cn-hangzhou.aliyuncs.com';

/** A request as the older protocol has it, where all is in the query; `body` may be anything. */
export function request(differs: Partial<HttpRequest> = {}): HttpRequest {
  const query = form({
    Action: 'RunInstances',
    AccessKeyId: accessKeyId,
    SecurityToken: token,
    BearerToken: token,
    Signature: keySecret,
    SignatureNonce: 'nonce-1',
    Password: password,
    'Account.1.PassWord': password,
    Body: JSON.stringify({ DBInstancePassword: password, Name: 'n' }),
    Xml: `<A><PrivateKey>${password}</PrivateKey></A>`,
  });
  return {
    method: 'POST',
    url: `${origin}/?${query}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=host,Signature=${password}`,
      'proxy-authorization': `Basic ${password}`,
      'x-acs-accesskey-id': accessKeyId,
      'x-acs-security-token': token,
      'x-acs-bearer-token': token,
      'x-api-key': password,
      cookie: `session=${password}`,
      'x-acs-action': 'RunInstances',
      'x-echo': `it was ${keySecret}`,
    },
    body: form({ 'Instance.1.Password': password, UserData: `x ${keySecret}`, PageSize: '5' }),
    ...differs,
  };
}

export function response(differs: Partial<HttpResponse> = {}): HttpResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-acs-request-id': 'R-1',
      'set-cookie': `session=${password}`,
      'x-token': password,
      'x-echo': token,
    },
    body: JSON.stringify({
      RequestId: 'R-1',
      NextToken: 'page-2',
      Credentials: { AccessKeySecret: password, SecurityToken: password },
      Passwords: [password, password],
      Text: JSON.stringify({ Password: password }),
      Echo: `${keySecret} ${token}`,
    }),
    ...differs,
  };
}

export const call: CallFacts = { id: 7, product: 'Ecs', version: '2014-05-26', action: 'RunInstances' };

export function eventOf<Type extends CallEvent['type']>(
  type: Type,
  facts: Omit<Extract<CallEvent, { type: Type }>, 'type' | 'time' | 'call'>,
): Extract<CallEvent, { type: Type }> {
  // What `facts` leaves out is here, though the compiler can't put the two together again.
  return { type, time: Date.UTC(2026, 0, 31, 8, 0, 1), call, ...facts } as unknown as Extract<
    CallEvent,
    { type: Type }
  >;
}

export function answered(differs: Partial<ResponseEvent> = {}): ResponseEvent {
  return eventOf('response', {
    attempt: 1,
    duration: 31.4,
    request: { method: 'POST', url: `${origin}/a/b?PageSize=5`, headers: { 'x-a': '1' }, body: 'A=1' },
    response: { status: 200, headers: { 'x-acs-request-id': 'R-1' }, body: '{"A":1}' },
    ...differs,
  });
}

function asItIs(text: string): string {
  return text;
}

function asInForms(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

function asInJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function asInJsonInJson(text: string): string {
  return asInJson(asInJson(text));
}
