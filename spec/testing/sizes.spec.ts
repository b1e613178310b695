/** Large requests from anybody: they cost what reading them costs, whatever is in them, and have a limit. */
import { firstValueFrom, lastValueFrom, of } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import { invoke, mediaEmulator } from './support/media.js';
import { keys, sign } from './support/signer.js';
import { thingsEmulator } from './support/things.js';
import { openHttp, openInProcess, wires } from './support/wires.js';

const size = 20e6;
const filled = (piece: string): string => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
const numbered = (piece: (index: number) => string, count: number): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join('');

const form = 'application/x-www-form-urlencoded';
const multipart = 'multipart/form-data; boundary=x';
const json = 'application/json';

/** Nobody has signed them: `OpenDoor` is open to all, and a multipart form is no operation's. */
describe.each<[what: string, contentType: string, body: () => string, status: number]>([
  ['one name again and again', form, () => filled('a=b&'), 400],
  ['a million names', form, () => numbered((index) => `n${index}=${'1'.repeat(10)}&`, 1e6), 400],
  ['nothing between ampersands', form, () => filled('&'), 200],
  ['a name of dots, of an unknown field', form, () => filled('a.'), 200],
  ['a name of dots, of a field', form, () => `Key.${filled('a.')}`, 400],
  ['a name of numbers', form, () => `Key.${filled('1.')}`, 400],
  ['a value', form, () => `Key=${filled('x')}`, 200],
  ['a value, percent-encoded', form, () => `Key=${filled('%41')}`.slice(0, size - (size % 3) + 4), 200],
  ['half a percent-encoded letter', form, () => `Key=${filled('%41')}%4`, 400],
  ['nested JSON', json, () => filled('['), 200],
  ['no parts', multipart, () => filled(' '), 400],
  ['millions of parts', multipart, () => `${filled('--x')}--x--`, 400],
  ['one part of headers', multipart, () => `--x${filled('content-disposition: form-data; name=')}--x--`, 403],
  ['quotation marks', multipart, () => `--x${filled('content-disposition: form-data; name="')}\r\n\r\n--x--`, 403],
])('a body of 20 MB that is %s', (_what, contentType, body, status) => {
  it.each(wires)('is answered %s', async (_name, open) => {
    const wire = await open(thingsEmulator());
    const isCall = contentType !== multipart;
    const headers = {
      'content-type': contentType,
      ...(isCall && { 'x-acs-action': 'OpenDoor', 'x-acs-version': '2020-01-01' }),
    };
    const reply = await wire.send({ method: 'POST', url: `${wire.origin}/`, headers, body: body() });
    await wire.close();
    expect(reply.status).toBe(status);
    // What is refused is not sent back.
    expect(reply.body.length).toBeLessThan(2000);
  });
});

it('takes and gives 5 MB of bytes as they are', async () => {
  const { transport, handle } = mediaEmulator();
  handle(invoke, ({ request: { body } }) => of(body as Uint8Array));
  const bytes = new Uint8Array(5e6).map((_, index) => index * 7);
  const client = new AlicloudClient({
    regionId: 'cn-hangzhou',
    credentials: accessKey(keys.accessKeyId, keys.accessKeySecret),
    transport,
  });
  const answer = await lastValueFrom(client.call(invoke, { Name: 'f', body: bytes }));
  expect(Buffer.compare(Buffer.from(answer), Buffer.from(bytes))).toBe(0);
});

describe('maxRequestSize', () => {
  const parts = { action: 'PutRules', path: '/rules', contentType: json };
  const rules = (length: number): string => `[${JSON.stringify({ name: 'é'.repeat((length - 13) >> 1) })}]`;

  it.each([
    ['in process', openInProcess],
    ['over HTTP', openHttp],
  ])('is the most that is taken, %s', async (_name, open) => {
    const emulator: Emulator = thingsEmulator({ maxRequestSize: 99_999 });
    const wire = await open(emulator);
    const statusOf = async (body: string): Promise<number> =>
      (await wire.send(sign({ origin: wire.origin, body, ...parts }))).status;
    expect(Buffer.byteLength(rules(99_999))).toBe(99_999);
    expect(await statusOf(rules(99_999))).toBe(200);
    expect(await statusOf(rules(100_001))).toBe(413);
    expect(await statusOf(rules(size))).toBe(413);
    expect(emulator.requests.get('PutRules')).toBe(1);
    await wire.close();
  });

  it('is told in the refusal', async () => {
    const { transport } = thingsEmulator({ maxRequestSize: 10 });
    const { body } = await firstValueFrom(transport.send(sign({ body: rules(99), ...parts })));
    expect(JSON.parse(body)).toMatchObject({
      Code: 'RequestEntityTooLarge',
      Message: 'The body of the request is too large: expected at most 10 bytes.',
    });
  });
});
