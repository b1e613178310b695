/** A product made up for the specs, whose operations take and give what isn't JSON. */
import type { Content, Operation, Service } from '../../../lib/service.js';
import { createEmulator } from '../../../lib/testing/create-emulator.js';
import type { Emulator } from '../../../lib/testing/emulator.js';
import type { EmulatorOptions } from '../../../lib/testing/options.js';
import { keys } from './signer.js';

const service: Service = {
  product: 'Media',
  version: '2021-01-01',
  endpoints: { prefix: 'media', rule: 'regional', regions: {} },
};

export const chat: Operation<{ Prompt?: string }, { Text?: string }> = {
  service,
  action: 'Chat',
  query: 'Prompt:s',
  response: '{Text:s}',
  responseType: 'events',
};

export const invoke: Operation<{ Name: string; body?: Content }, Uint8Array> = {
  service,
  action: 'Invoke',
  path: '/functions/{Name}/invocations',
  body: 'body=a',
  bodyType: 'bytes',
  responseType: 'bytes',
};

export interface Scan {
  ImageURL: Content;
  Masks?: { URL?: Content; Name?: string }[];
  Level?: number;
}

export const scan: Operation<Scan, { RequestId?: string; Seen?: string[] }> = {
  service,
  action: 'Scan',
  body: 'ImageURL:s!,Masks:[{URL:s,Name:s}],Level:n',
  response: '{RequestId:s,Seen:[s]}',
  upload: { product: 'media', fields: ['ImageURL', 'Masks[].URL'] },
};

const operations = { chat, invoke, scan };

export function mediaEmulator(options: EmulatorOptions = {}): Emulator {
  return createEmulator({ credentials: keys, services: [{ service, operations }], ...options });
}
