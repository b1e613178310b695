/** The harness on trial: it has to notice what is wrong. */
import type { AnyOperation } from '../../lib/service.js';
import { createCluster } from '../../lib/services/cs.js';
import { describeInstances } from '../../lib/services/ecs.js';
import { check, edgeCases, plainCases } from './check.js';
import { plainChoices } from './choices.js';
import { compareRequests } from './compare.js';
import { loadOfficial } from './official.js';
import { startRecorder, type Recorded, type Recorder } from './recorder.js';
import { sampleRequest } from './samples.js';
import { sideBySide, type SideBySide } from './side-by-side.js';

describe('check', () => {
  let recorder: Recorder;
  let pairs: Readonly<Record<string, SideBySide>>;

  beforeAll(async () => {
    recorder = await startRecorder();
    pairs = {
      describeInstances: sideBySide(loadOfficial('@alicloud/ecs20140526'), recorder),
      createCluster: sideBySide(loadOfficial('@alicloud/cs20151215'), recorder),
    };
  });
  afterAll(async () => {
    for (const pair of Object.values(pairs)) pair.close();
    await recorder.close();
  });

  const kinds = async (name: string, operation: AnyOperation): Promise<string[]> => {
    const findings = await check(pairs[name]!, name, operation, plainCases);
    return [...new Set(findings.map(({ kind }) => kind))];
  };

  const { query, ...withoutQuery } = describeInstances;
  const wrong: [string, string, AnyOperation, string[]][] = [
    ['another method', 'describeInstances', { ...describeInstances, method: 'GET' }, ['method']],
    ['another path', 'createCluster', { ...createCluster, path: '/cluster' }, ['path']],
    ['another action', 'describeInstances', { ...describeInstances, action: 'DescribeInstance' }, ['headers']],
    ['the query in the body', 'describeInstances', { ...withoutQuery, body: query! }, ['query', 'body', 'headers']],
    ['a form for JSON', 'createCluster', { ...createCluster, bodyType: 'form' }, ['body', 'headers']],
    ['another name', 'describeInstances', renamed('Tag:', 'Tags:'), ['query']],
    ['another style', 'describeInstances', renamed('ImageId:s', 'ImageId:[s]~j'), ['query']],
    ['no signature', 'describeInstances', { ...describeInstances, anonymous: true }, ['query', 'headers']],
    ['another response', 'describeInstances', { ...describeInstances, response: '[s]' }, ['response']],
  ];

  function renamed(from: string, to: string): AnyOperation {
    expect(query).toContain(from);
    return { ...describeInstances, query: query!.replace(from, to) };
  }

  it.each(wrong)('notices %s', async (_, name, operation, expected) => {
    expect(await kinds(name, operation)).toEqual(expected);
  });

  it('finds nothing where nothing is wrong', async () => {
    expect(await kinds('describeInstances', describeInstances)).toEqual([]);
    expect(await kinds('createCluster', createCluster)).toEqual([]);
  });

  it('says so where the official client has no such operation', async () => {
    const findings = await check(pairs.describeInstances!, 'describeNothing', describeInstances, plainCases);
    expect(findings.map(({ kind, official }) => [kind, official])).toEqual(
      plainCases.map(() => ['official fails', 'The official client has no operation describeNothing']),
    );
  });
});

describe('cases', () => {
  const requests = (seed: string): unknown[] =>
    edgeCases(3, seed).map((make) => sampleRequest(describeInstances, make('DescribeInstances').choices));

  it('are the same for the same seed, and others for another', () => {
    expect(requests('1')).toEqual(requests('1'));
    expect(requests('1')).not.toEqual(requests('2'));
    expect(new Set(requests('1').map((request) => JSON.stringify(request))).size).toBe(3);
  });

  it('have all fields, or the required ones only', () => {
    expect(sampleRequest(describeInstances, plainChoices('required'))).toEqual({
      RegionId: expect.any(String) as string,
    });
    const all = sampleRequest(describeInstances, plainChoices('all'));
    expect(all).toMatchObject({
      PageSize: expect.any(Number) as number,
      Tag: [{ Key: expect.any(String) as string }, {}],
    });
  });
});

describe('compareRequests', () => {
  const request = (more: Partial<Recorded> = {}): Recorded => ({
    method: 'POST',
    target: '/?Name=a%21',
    headers: { 'content-type': 'application/json', authorization: 'right' },
    body: new TextEncoder().encode('{"a":1}'),
    ...more,
  });
  const wrong = { 'content-type': 'application/json', authorization: 'wrong' };
  const kinds = (ours: Partial<Recorded>, isSigned: boolean): string[] =>
    compareRequests(request(), request(ours), () => isSigned).map(({ kind }) => kind);

  it('takes two ways to write the same for the same', () => {
    expect(kinds({ target: '/?Name=a!' }, true)).toEqual([]);
    expect(kinds({ body: new TextEncoder().encode('{ "a": 1 }') }, true)).toEqual([]);
  });

  it('wants the same signature for the same bytes', () => {
    expect(kinds({ headers: wrong }, true)).toEqual(['signature']);
  });

  it('wants a signature that is verified for other bytes', () => {
    expect(kinds({ target: '/?Name=a!', headers: wrong }, true)).toEqual([]);
    expect(kinds({ target: '/?Name=a!', headers: wrong }, false)).toEqual(['signature']);
  });

  it('takes a name that is signed encoded, where the verifier does', () => {
    const named = request({ target: '/?A.%2B=1' });
    const ours = { ...named, headers: wrong };
    expect(compareRequests(named, ours, () => true)).toEqual([]);
    expect(compareRequests(named, ours, () => false)).toHaveLength(1);
  });

  it('takes nothing for the type of an empty body', () => {
    const empty = request({
      body: new Uint8Array(),
      headers: { authorization: 'right', 'content-type': 'text/plain' },
    });
    expect(compareRequests(empty, { ...empty, headers: { authorization: 'right' } }, () => true)).toEqual([]);
  });

  it('sees what else differs', () => {
    expect(kinds({ method: 'GET' }, true)).toEqual(['method']);
    expect(kinds({ target: '/a?Name=a%21' }, true)).toEqual(['path']);
    expect(kinds({ target: '/?Name=b' }, true)).toEqual(['query']);
    expect(kinds({ body: new TextEncoder().encode('{"a":2}') }, true)).toEqual(['body']);
    expect(kinds({ headers: { 'content-type': 'application/json' } }, false)).toEqual(['signature']);
  });
});
