/** Whatever becomes of a call, no secret that it was made with is told: not by an error, an event, a log line, nor their JSON. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { lastValueFrom, of } from 'rxjs';
import {
  accessKey,
  bearerToken,
  stsToken,
  type CallEvent,
  type ClientOptions,
  type CredentialsProvider,
} from '../../lib/index.js';
import { EcsClient } from '../../lib/services/ecs.js';

const secret = 'hUnter2+/=Secret&<é'.replace(/[^\x21-\x7e]/g, '#');
const id = 'LTAI5tSecretOwner';

const providers: [what: string, credentials: CredentialsProvider][] = [
  ['an access key', accessKey(id, secret)],
  ['the secret of temporary credentials', stsToken(id, secret, 'a-token')],
  ['the token of temporary credentials', stsToken(id, 'a-secret', secret)],
  ['a bearer token', bearerToken(secret)],
  ["a provider of one's own", () => of({ accessKeyId: id, accessKeySecret: secret, securityToken: `${secret}2` })],
];

/** What a server does with what it was sent. */
const servers: [what: string, answer: (request: IncomingMessage, response: ServerResponse, body: string) => void][] = [
  ['echoes all of it in an error', (request, response, body) => refuse(response, 400, echo(request, body))],
  [
    'echoes it in a header',
    (request, response) => response.writeHead(400, { 'x-echo': encodeURI(echo(request, '')) }).end('{}'),
  ],
  [
    'echoes it in a page',
    (request, response, body) => response.writeHead(502).end(`<html>${echo(request, body)}</html>`),
  ],
  ['echoes it in place of a response', (request, response, body) => response.writeHead(200).end(echo(request, body))],
  [
    'explains a signature',
    (request, response, body) => refuse(response, 400, `server string to sign is:${echo(request, body)}`),
  ],
  ['throttles', (_, response) => response.writeHead(400, { 'x-acs-retry-after': '1' }).end('{"Code":"Throttling"}')],
  ['breaks the connection', (request) => request.socket.destroy()],
  ['does not speak HTTP', (request) => request.socket.end(`HTTP/1.1 200 OK\r\nx: ${secret}\r\n\0${secret}\r\n\r\n`)],
];

function echo({ url, headers }: IncomingMessage, body: string): string {
  return [secret, url, ...Object.values(headers), body].join('\n');
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ Code: 'SignatureDoesNotMatch', Message: message, RequestId: 'r' }));
}

/** All spellings that would give the secret away. */
const spellings = [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(encodeURIComponent(secret)),
];

function expectNoSecretIn(told: readonly string[]): void {
  const text = told.join('\n');
  for (const spelling of spellings) expect(text).not.toContain(spelling);
}

async function listening(answer: (typeof servers)[number][1]): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    let body = '';
    request
      .setEncoding('utf8')
      .on('data', (piece) => (body += piece))
      .on('end', () => answer(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

/** Makes a call, and gives all that was told of it. */
async function toldOf(options: ClientOptions): Promise<string[]> {
  const shown: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
  process.env.DEBUG = 'rx-alicloud:*';
  const client = new EcsClient({ regionId: 'cn-hangzhou', retry: { maxAttempts: 2, baseDelay: 1 }, ...options });
  delete process.env.DEBUG;
  const events: CallEvent[] = [];
  const told = client.events$.subscribe((event) => events.push(event));
  try {
    const error = await lastValueFrom(client.describeRegions({ AcceptLanguage: 'en-US' })).then(
      () => {
        throw new Error('Expected an error');
      },
      (error: unknown) => error as Error,
    );
    expect(shown.join('')).toContain('rx-alicloud:request');
    const all = [error, ...events, client];
    return [
      ...shown,
      String(error.stack),
      ...all.flatMap((each) => [
        JSON.stringify(each),
        inspect(each, { depth: Infinity, showHidden: true, maxStringLength: null }),
      ]),
    ];
  } finally {
    told.unsubscribe();
    write.mockRestore();
    client.shutdown();
  }
}

describe.each(servers)('a server that %s', (_, answer) => {
  it.each(providers)('makes nothing tell %s', async (_what, credentials) => {
    const { url, close } = await listening(answer);
    try {
      for (const signature of ['V3', 'V1'] as const) {
        expectNoSecretIn(await toldOf({ endpoint: url, credentials, signature }));
      }
    } finally {
      await close();
    }
  });
});

it.each([
  ['that refuses', 407],
  ['that fails', 500],
])('a proxy %s makes nothing tell its password', async (_, status) => {
  const { url, close } = await listening((_request, response) => response.writeHead(status).end('no'));
  try {
    const proxy = url.replace('http://', `http://user:${encodeURIComponent(secret)}@`);
    expectNoSecretIn(
      await toldOf({ endpoint: 'http://ecs.example.com', proxy, credentials: accessKey(id, 'a-secret') }),
    );
  } finally {
    await close();
  }
});
