/** One call made by both clients against the recorder: first the official one, then ours with its clock and its nonce. */
import { isDeepStrictEqual } from 'node:util';
import { lastValueFrom, of, toArray } from 'rxjs';
import { AlicloudClient } from '../../lib/index.js';
import type { AnyOperation } from '../../lib/service.js';
import { parseBody } from '../../lib/schema/grammar.js';
import { createCredentialStore } from '../../lib/testing/credentials.js';
import { createIds } from '../../lib/testing/ids.js';
import { createGate } from '../../lib/testing/verify.js';
import { commonParametersOf } from '../../lib/testing/common-parameters.js';
import { parseRequest } from '../../lib/testing/wire.js';
import { compareRequests, type Difference } from './compare.js';
import type { Official } from './official.js';
import { searchOf, type Answer, type Recorded, type Recorder } from './recorder.js';
import type { Sample } from './samples.js';

export interface SideBySide {
  /** What differs; nothing where all is equal. */
  compare(name: string, operation: AnyOperation, request: Sample, response: unknown): Promise<readonly Difference[]>;
  close(): void;
}

const keys = { accessKeyId: 'LTAI-conformance', accessKeySecret: 'a-secret-for-conformance' };

export function sideBySide(official: Official, recorder: Recorder): SideBySide {
  const theirs = official.connect({ ...keys, endpoint: recorder.host });
  let moment: Moment = { clock: 0, nonce: '' };
  const ours = new AlicloudClient({
    // With retries, operations that have one are given a ClientToken.
    retry: false,
    credentials: () => of({ ...keys, ...moment.provider }),
    endpoint: `http://${recorder.host}`,
    clock: () => moment.clock,
    nonce: () => moment.nonce,
  });
  return {
    async compare(name, operation, request, response) {
      recorder.answer = answerWith(operation, response);
      const their = await outcomeOf(() => theirs.call(name, operation, request), recorder);
      if (their.sent === undefined) return [{ kind: 'official fails', official: their.error, ours: undefined }];
      moment = momentOf(their.sent);
      const our = await outcomeOf(() => call(ours, operation, request), recorder);
      if (our.sent === undefined) return [{ kind: 'ours fails', official: undefined, ours: our.error }];
      const isSigned = (sent: Recorded): boolean => isAdmitted(sent, operation, moment.clock);
      const differences = compareRequests(their.sent, our.sent, isSigned);
      // Where there is no body, the official SDK gives none, and this one an empty object.
      const expected = response === undefined ? {} : their.value;
      const equal = their.error === our.error && isDeepStrictEqual(our.value, expected);
      if (equal) return differences;
      return [...differences, { kind: 'response', official: their.error ?? expected, ours: our.error ?? our.value }];
    },
    close: () => void ours.shutdown(),
  };
}

interface Moment {
  readonly clock: number;
  readonly nonce: string;
  /** How the credentials were come by: only the newer ones of the official libraries say so. */
  readonly provider?: { readonly providerName: string };
}

/** What is in a signature beside the request, wherever the protocol of the official client puts it. */
function momentOf(sent: Recorded): Moment {
  const { headers } = sent;
  const query = new URLSearchParams(searchOf(sent));
  const time = headers['x-acs-date'] ?? query.get('Timestamp') ?? headers.date ?? '';
  const nonce = headers['x-acs-signature-nonce'] ?? query.get('SignatureNonce') ?? '';
  const providerName = headers['x-acs-credentials-provider'];
  return { clock: Date.parse(time), nonce, ...(providerName === undefined ? {} : { provider: { providerName } }) };
}

interface Outcome {
  readonly sent?: Recorded | undefined;
  readonly value?: unknown;
  readonly error?: string;
}

async function outcomeOf(call: () => Promise<unknown>, recorder: Recorder): Promise<Outcome> {
  try {
    const value = await call();
    return { sent: recorder.take()[0], value };
  } catch (error) {
    return { sent: recorder.take()[0], error: error instanceof Error ? error.message : String(error) };
  }
}

async function call(client: AlicloudClient, operation: AnyOperation, request: Sample): Promise<unknown> {
  // The sample fits the tables, which are what the request's type was generated from.
  const responses = await lastValueFrom(client.call(operation, request as never).pipe(toArray()));
  if (operation.responseType === 'events') return responses;
  const [response] = responses;
  return response instanceof Uint8Array ? Buffer.from(response).toString('hex') : response;
}

function answerWith({ responseType }: AnyOperation, response: unknown): Answer {
  switch (responseType) {
    case 'text':
      return { contentType: 'text/plain', body: String(response) };
    case 'bytes':
      return { contentType: 'application/octet-stream', body: String(response) };
    case 'events':
      return { contentType: 'text/event-stream', body: `data: ${JSON.stringify(response)}\n\n`.repeat(2) };
    default:
      return { contentType: 'application/json', body: response === undefined ? '' : JSON.stringify(response) };
  }
}

/** Whether the emulator, whose verifier shares nothing with our signer, lets the request in. */
function isAdmitted(sent: Recorded, operation: AnyOperation, now: number): boolean {
  const gate = createGate(createCredentialStore([keys], createIds('conformance')), new Set());
  try {
    const request = parseRequest(sent);
    gate.admit(
      request,
      commonParametersOf(request),
      { descriptor: operation, body: parseBody(operation.body ?? '') },
      now,
    );
    return true;
  } catch {
    return false;
  }
}
