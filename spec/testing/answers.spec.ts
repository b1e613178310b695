import { firstValueFrom } from 'rxjs';
import { flatten } from '../../lib/schema/flatten.js';
import { parseBody, parseFields, parseType, type Field, type Schema } from '../../lib/schema/grammar.js';
import { shrink } from '../../lib/schema/write-json.js';
import type { AnyOperation } from '../../lib/service.js';
import { catalog } from '../../lib/services/catalog.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { sampleOf } from '../../lib/testing/sample.js';
import type { HttpRequest, HttpResponse } from '../../lib/transport/transport.js';
import { deviations } from './support/conforms.js';
import { keys, sign } from './support/signer.js';
import { listClusters, readLog, thingsEmulator } from './support/things.js';

describe('made-up answers', () => {
  it('are the same for the same seed and calls, and have an id of their own each', async () => {
    const bodies = async (seed: string): Promise<string[]> => {
      const { transport } = thingsEmulator({ seed });
      const send = async (): Promise<string> => (await firstValueFrom(transport.send(sign({})))).body;
      return [await send(), await send()];
    };
    const [first, second] = await bodies('a');
    expect(await bodies('a')).toEqual([first, second]);
    expect(await bodies('b')).not.toContain(first);

    const [one, other] = [first, second].map((body) => JSON.parse(body ?? '') as { RequestId: string });
    expect(one?.RequestId).toMatch(/^[\dA-F]{8}-[\dA-F]{4}-4[\dA-F]{3}-[89AB][\dA-F]{3}-[\dA-F]{12}$/);
    expect(other).toEqual({ ...one, RequestId: expect.not.stringMatching(one?.RequestId ?? '') as string });
  });

  it('look like the real thing', () => {
    const table =
      '{ThingId:s,RegionId:s,CreationTime:s,created_at:s,PrivateIpAddress:s,TotalCount:n,PageSize:n,NextToken:s,HasMore:b,IsTruncated:b}';
    expect(sampleOf(parseType(table), 'x')).toEqual({
      ThingId: expect.stringMatching(/^thing-[\da-f]{8}$/) as string,
      RegionId: 'cn-hangzhou',
      CreationTime: expect.stringMatching(/^2024-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      created_at: expect.stringMatching(/^2024-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      PrivateIpAddress: expect.stringMatching(/^192\.168\.\d+\.\d+$/) as string,
      TotalCount: 1,
      PageSize: 10,
      NextToken: '',
      HasMore: false,
      IsTruncated: false,
    });
  });

  it('come to an end where a type contains itself', async () => {
    const { transport } = thingsEmulator();
    const request = sign({ action: 'ListClusters', method: 'GET', path: '/clusters' });
    const clusters = JSON.parse((await firstValueFrom(transport.send(request))).body) as unknown[];
    expect(deviations(parseType(listClusters.response ?? ''), clusters)).toEqual([]);
    expect(clusters.length).toBeGreaterThan(0);
    expect(clusters[0]).toEqual({ name: expect.any(String) as string, children: [] });
  });

  it('are text where the operation answers with text', async () => {
    const { transport } = thingsEmulator();
    const { headers, body } = await firstValueFrom(
      transport.send(sign({ action: readLog.action, method: 'GET', path: '/log' })),
    );
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toMatch(/^[\w-]+$/);
  });
});

describe.each(catalog.map((entry) => [entry.product, entry] as const))('the whole of %s', (_product, entry) => {
  it('is answered, well-typed and with a request id', async () => {
    const { transport } = createEmulator({ credentials: keys });
    const { operations } = await entry.load();
    const failures: string[] = [];
    for (const operation of Object.values(operations)) {
      const response = await firstValueFrom(transport.send(requestFor(operation)));
      const hasState = entry.name === 'ecs' && needsInstance.has(operation.action);
      const found = hasState ? wrongRefusal(response) : wrongAnswer(operation, response);
      failures.push(...found.map((what) => `${operation.action}${what}`));
    }
    expect(Object.keys(operations).length).toBeGreaterThan(0);
    expect(failures).toEqual([]);
  });
});

/** They have a state, in which a made-up instance isn't. */
const needsInstance = new Set([
  'StartInstance',
  'StartInstances',
  'StopInstance',
  'StopInstances',
  'RebootInstance',
  'RebootInstances',
  'DeleteInstance',
  'DeleteInstances',
]);

function wrongRefusal({ status, body }: HttpResponse): string[] {
  return status === 404 && body.includes('InvalidInstanceId.NotFound') ? [] : [`: ${status} ${body}`];
}

function wrongAnswer(operation: AnyOperation, { status, headers, body }: HttpResponse): string[] {
  if (headers['x-acs-request-id'] === undefined) return [': no request id'];
  if (status !== 200 && status !== 204) return [`: ${status} ${body}`];
  const type = headers['content-type'] ?? '';
  // Where an operation may answer with events or without, either will do here.
  if (type.startsWith('text/event-stream')) return /^data: .*\n\n$/.test(body) ? [] : [`: no event ${body}`];
  if (operation.responseType === 'text' || operation.responseType === 'bytes') return [];
  if (operation.response === undefined && operation.path !== undefined)
    return status === 204 && body === '' ? [] : [`: ${status}`];
  const answer = JSON.parse(body) as { RequestId?: unknown };
  if (operation.response === undefined) return typeof answer.RequestId === 'string' ? [] : [': no RequestId'];
  const schema = parseType(operation.response);
  if (schema.kind !== 'struct') return deviations(schema, answer);
  const { RequestId, ...rest } = answer;
  const declared = schema.fields.some(({ name }) => name === 'RequestId');
  const found = deviations(schema, declared ? answer : rest);
  return operation.path === undefined && typeof RequestId !== 'string' ? [...found, ': no RequestId'] : found;
}

/** A request with all fields that are required, and what is in them. */
function requestFor(operation: AnyOperation): HttpRequest {
  const query = new Map<string, string>();
  place(parseFields(operation.query ?? ''), query);
  const headers = new Map<string, string>();
  place(parseFields(operation.header ?? ''), headers);
  const body = bodyFor(operation);
  return sign({
    origin: `http://${operation.service.endpoints.prefix}.cn-hangzhou.aliyuncs.com`,
    action: operation.action,
    version: operation.service.version,
    method: operation.method ?? 'POST',
    path: (operation.path ?? '/').replace(/\{(\w+)\}/g, 'some-$1'),
    query: { ...Object.fromEntries(query), ...extra[operation.action] },
    headers: Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), value])),
    ...body,
  });
}

/** What these operations need although their description does not say so, or of a certain form. */
const role = { RoleArn: 'acs:ram::1234567890123456:role/reader' };
const extra: Readonly<Record<string, Record<string, string>>> = {
  AssumeRole: role,
  AssumeRoleWithOIDC: { ...role, OIDCToken: 'token' },
  AssumeRoleWithSAML: { ...role, SAMLAssertion: 'assertion' },
  // An empty object leaves no trace.
  CheckMobilesCardSupport: { 'Mobiles.1.mobile': '1' },
};

function place(fields: readonly Field[], into: Map<string, string>): void {
  for (const { name, schema, required, style } of fields) {
    if (!required) continue;
    const value = sampleFor(schema, name);
    if (style === undefined) flatten(into, name, value);
    else into.set(name, shrink(schema, style, value));
  }
}

function bodyFor(operation: AnyOperation): { body?: string; contentType?: string } {
  const body = parseBody(operation.body ?? '');
  const type = operation.bodyType ?? (operation.path === undefined ? 'form' : 'json');
  if ('whole' in body) {
    return { body: JSON.stringify(sampleFor(body.whole.schema, body.whole.name)), contentType: 'application/json' };
  }
  if (type === 'json') {
    const required = body.fields.filter((field) => field.required);
    const value = Object.fromEntries(required.map(({ name, schema }) => [name, sampleFor(schema, name)]));
    return body.fields.length === 0 ? {} : { body: JSON.stringify(value), contentType: 'application/json' };
  }
  const form = new Map<string, string>();
  place(body.fields, form);
  return form.size === 0
    ? {}
    : { body: new URLSearchParams([...form]).toString(), contentType: 'application/x-www-form-urlencoded' };
}

function sampleFor(schema: Schema, name: string): unknown {
  const made = sampleOf({ kind: 'struct', fields: [{ name, schema, required: true }] }, name) as Record<
    string,
    unknown
  >;
  return made[name];
}
