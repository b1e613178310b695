/** What is sent for operations of several products. It runs in a page and in Node alike. */
import { EMPTY, concat, defer, lastValueFrom, of, toArray, catchError, map, type Observable } from 'rxjs';
import {
  accessKey,
  AlicloudClient,
  type AnyOperation,
  type HttpRequest,
  type HttpResponse,
  type Protocol,
} from '../../../lib/index.js';
import { cs } from '../../../lib/services/cs.js';
import { ecs } from '../../../lib/services/ecs.js';
import { fc } from '../../../lib/services/fc.js';
import { kms } from '../../../lib/services/kms.js';
import { ram } from '../../../lib/services/ram.js';
import { rds } from '../../../lib/services/rds.js';
import { edgeChoices } from '../../conformance/choices.js';
import { randomOf } from '../../conformance/random.js';
import { sampleRequest } from '../../conformance/samples.js';

export interface EncodedSample {
  readonly action: string;
  readonly signature: Protocol;
  /** Where the request was refused, why. */
  readonly refusal?: string;
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes as hexadecimal digits. */
  readonly body?: string;
}

/** The same samples for the same seed, at one moment, with one nonce. */
export function encodeSamples(count: number, seed: string): Promise<EncodedSample[]> {
  const random = randomOf(seed);
  const operations = [cs, ecs, fc, kms, ram, rds].flatMap((product) =>
    Object.values(product.operations as object as Record<string, AnyOperation>),
  );
  const samples = Array.from({ length: count }, () => {
    const operation = random.pick(operations);
    const signature = random.pick<Protocol>(['V3', 'V3', 'V1']);
    return encode(operation, signature, sampleRequest(operation, edgeChoices(random)));
  });
  return lastValueFrom(concat(...samples).pipe(toArray()));
}

function encode(operation: AnyOperation, signature: Protocol, request: object): Observable<EncodedSample> {
  const { action } = operation;
  return defer(() => {
    let sent: HttpRequest | undefined;
    const transport = {
      send(given: HttpRequest): Observable<HttpResponse> {
        sent = given;
        return EMPTY;
      },
    };
    const client = new AlicloudClient({
      regionId: 'cn-hangzhou',
      endpoint: 'https://service.example',
      credentials: accessKey('an-id', 'a-secret'),
      allowAccessKeyInBrowser: true,
      clock: () => Date.UTC(2026, 0, 31, 8),
      nonce: () => 'one-nonce',
      retry: false,
      transport,
      signature,
    });
    return client.call(operation, request as never).pipe(
      map(() => ''),
      catchError((error: Error) => of(error.message)),
      map((refusal): EncodedSample => {
        if (sent === undefined) return { action, signature, refusal };
        const { method, url, body } = sent;
        // A browser names itself.
        const { 'user-agent': _, ...headers } = sent.headers;
        return { action, signature, method, url, headers, ...(body === undefined ? {} : { body: textOf(body) }) };
      }),
    );
  });
}

function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : Array.from(body, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
