/** The body of a request, as the call that it describes. */
import { openFrame } from '../gateway-protocol/frame.js';
import { frameType, jsonType } from '../gateway-protocol/headers.js';
import { isObject } from '../schema/values.js';
import type { AnyOperation } from '../service.js';
import { GatewayRefusal, invalid } from './refusal.js';
import { contentPathsOf } from './request-fields.js';
import { parseStrictJson, type JsonLimits } from './strict-json.js';

export interface ReadCall {
  readonly request: Readonly<Record<string, unknown>>;
  readonly regionId: string | undefined;
}

export interface CallLimits extends JsonLimits {
  /** Of all but contents, in bytes. */
  readonly requestSize: number;
}

export type BodyKind = 'json' | 'frame';

/** By its content type, exactly: a form or a text is what pages of any origin can send. */
export function bodyKindOf({ headers }: Request): BodyKind {
  if (headers.has('content-encoding')) throw unsupported('The body is compressed');
  const type = headers.get('content-type') ?? '';
  if (type === jsonType || /^application\/json; ?charset=utf-8$/i.test(type)) return 'json';
  if (type === frameType) return 'frame';
  throw unsupported(`Expected the content type ${jsonType} or ${frameType}`);
}

export function readCall(operation: AnyOperation, kind: BodyKind, bytes: Uint8Array, limits: CallLimits): ReadCall {
  const frame = kind === 'json' ? { json: bytes, contents: undefined } : openFrame(bytes);
  if (frame === undefined) throw invalid('The frame ends before its JSON does');
  if (frame.json.length > limits.requestSize) {
    throw new GatewayRefusal(
      'Gateway.RequestTooLarge',
      `The JSON of the frame is longer than ${limits.requestSize} bytes`,
    );
  }
  const call = parseStrictJson(frame.json, limits);
  const names = frame.contents === undefined ? ['request', 'regionId'] : ['request', 'regionId', 'contents'];
  if (!isObject(call) || !Object.keys(call).every((name) => names.includes(name))) {
    throw invalid(`Expected an object of ${names.join(', ')}`);
  }
  const { request = {}, regionId, contents } = call;
  if (!isObject(request)) throw invalid('Expected `request` to be an object');
  if (regionId !== undefined && (typeof regionId !== 'string' || regionId === '')) {
    throw invalid('Expected `regionId` to be a text');
  }
  if (frame.contents !== undefined) placeContents(operation, request, contents, frame.contents);
  return { request, regionId };
}

/** Puts each content where it belongs: where the operation takes bytes, and nothing stands yet. */
function placeContents(
  operation: AnyOperation,
  request: Record<string, unknown>,
  contents: unknown,
  bytes: Uint8Array,
): void {
  if (!Array.isArray(contents) || contents.length === 0) throw invalid('Expected `contents` to be a list of contents');
  const places = contentPathsOf(operation);
  let at = 0;
  contents.forEach((content: unknown, index) => {
    const where = `contents[${index}]`;
    if (!isObject(content) || !Object.keys(content).every((name) => name === 'path' || name === 'length')) {
      throw invalid(`Expected \`${where}\` to be an object of path, length`);
    }
    const { path, length } = content;
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0 || length > bytes.length - at) {
      throw invalid(`Expected \`${where}.length\` to be a length within the frame`);
    }
    if (!isPath(path) || !places.has(nameOf(path))) {
      throw invalid(`Expected \`${where}.path\` to be a field of ${operation.action} that takes bytes`);
    }
    // A copy: what becomes of it must not hold the whole frame.
    place(request, path, bytes.slice(at, at + length), where);
    at += length;
  });
  if (at !== bytes.length) throw invalid('The frame is longer than its contents');
}

type Path = readonly [string | number, ...(string | number)[]];

function isPath(path: unknown): path is Path {
  return (
    Array.isArray(path) &&
    path.length > 0 &&
    path.every((key) => typeof key === 'string' || (Number.isInteger(key) && Number(key) >= 0))
  );
}

/** `Tasks[].ImageURL` */
function nameOf(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? '[]' : index === 0 ? key : `.${key}`)).join('');
}

/** The path is one of the operation's own, so that no key of it is one that every object has. */
function place(target: unknown, [key, ...rest]: Path, content: Uint8Array, where: string): void {
  const holder = holderOf(target, key, where);
  const [next, ...further] = rest;
  if (next !== undefined) return place(holder[key], [next, ...further], content, where);
  if (holder[key] !== undefined && holder[key] !== null)
    throw invalid(`The request has a value already where \`${where}\` belongs`);
  holder[key] = content;
}

function holderOf(target: unknown, key: string | number, where: string): Record<string | number, unknown> {
  if (
    typeof key === 'number'
      ? Array.isArray(target) && key < target.length
      : isObject(target) && !ArrayBuffer.isView(target)
  ) {
    return target as Record<string | number, unknown>;
  }
  throw invalid(`The request has no place where \`${where}\` belongs`);
}

function unsupported(message: string): GatewayRefusal {
  return new GatewayRefusal('Gateway.UnsupportedMediaType', message);
}
