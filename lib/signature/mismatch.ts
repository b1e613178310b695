/** Where the server's reading of a request differs from the client's, so that the one is not left to guess. */

import type { SignatureMismatch, SignedPart } from '../errors.js';

/** What a client has signed. */
export interface Signed {
  readonly stringToSign: string;
  /** Of V3. */
  readonly canonicalRequest?: string | undefined;
}

/**
 * Compares what the server says that it has signed with what the client has; `undefined` where the message doesn't say.
 * `mask` takes out what no error may show; the values of tokens are taken out in any case.
 */
export function signatureMismatch(
  message: string,
  ours: Signed,
  mask: (text: string) => string = (text) => text,
): SignatureMismatch | undefined {
  const theirs = readSigned(message);
  if (theirs === undefined) return undefined;
  const clean = (text: string): string => maskTokens(mask(text));
  const pairs: [SignedPart, string | undefined, string | undefined][] = [
    // Where the canonical requests differ, the strings to sign do by their hash, which says nothing.
    ['canonical request', theirs.canonicalRequest, ours.canonicalRequest],
    ['string to sign', theirs.stringToSign, ours.stringToSign],
  ];
  for (const [part, server, client] of pairs) {
    if (server === undefined || client === undefined) continue;
    const difference = firstDifference(part, clean(server), clean(client));
    if (difference !== undefined) return difference;
  }
  return { at: undefined, server: undefined, client: undefined };
}

/** A sentence for the error's message. */
export function describeMismatch({ at, server, client }: SignatureMismatch): string {
  if (at === undefined) {
    return 'The strings to sign are equal: the access key secret is not that of the access key id';
  }
  const where = `line ${at.line}, column ${at.column} of the ${at.part}`;
  return `The signed strings differ at ${where}: the server has ${shown(server)}, the client ${shown(client)}`;
}

function shown(text: string | undefined): string {
  return text === undefined ? 'nothing more' : JSON.stringify(text);
}

interface ServersSigned {
  readonly stringToSign: string | undefined;
  readonly canonicalRequest: string | undefined;
}

/**
 * Of the older protocol: `… server string to sign is:GET&%2F&…`, to the end. Of V3:
 * `… server StringToSign is [ACS3-HMAC-SHA256⏎…] … server CanonicalRequest is [GET⏎/⏎…]`.
 */
function readSigned(message: string): ServersSigned | undefined {
  const stringToSign =
    after(/server string to sign is:\s*/i, message, (rest) => rest.length) ??
    after(/server StringToSign is \[/i, message, (rest) => rest.indexOf(']'));
  const canonicalRequest = after(/server CanonicalRequest is \[/i, message, (rest) => rest.lastIndexOf(']'));
  if (stringToSign === undefined && canonicalRequest === undefined) return undefined;
  return { stringToSign: inLines(stringToSign), canonicalRequest: inLines(canonicalRequest) };
}

/** What stands behind a beginning, as far as `end` says; `undefined` where that is nothing. */
function after(begins: RegExp, message: string, end: (rest: string) => number): string | undefined {
  const found = begins.exec(message);
  if (found === null) return undefined;
  const rest = message.slice(found.index + found[0].length);
  const length = end(rest);
  return length < 1 ? undefined : rest.slice(0, length);
}

/** Some servers escape the line breaks once more. */
function inLines(text: string | undefined): string | undefined {
  return text?.includes('\n') === false ? text.replaceAll('\\n', '\n') : text;
}

/** In the query of the older protocol, which is encoded as a whole once more, and in a line of headers. */
function maskTokens(text: string): string {
  const parameters = text.split(/(&|%26|\s)/);
  const shown = parameters.map((part) => part.replace(/^(.{0,40}(?:SecurityToken|BearerToken)(?:%3D|=)).*/i, '$1***'));
  return shown.join('').replace(/^(x-acs-(?:security|bearer)-token:).*$/gim, '$1***');
}

function firstDifference(part: SignedPart, server: string, client: string): SignatureMismatch | undefined {
  const [servers, clients] = [server.trimEnd().split('\n'), client.trimEnd().split('\n')];
  const line = Array.from({ length: Math.max(servers.length, clients.length) }).findIndex(
    (_, i) => servers[i] !== clients[i],
  );
  if (line < 0) return undefined;
  const [theirs, ours] = [servers[line], clients[line]];
  const column = commonLength(theirs ?? '', ours ?? '');
  return {
    at: { part, line: line + 1, column: column + 1 },
    server: excerpt(theirs, column),
    client: excerpt(ours, column),
  };
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** What stands around a column. */
function excerpt(line: string | undefined, column: number): string | undefined {
  if (line === undefined) return undefined;
  const [from, to] = [Math.max(0, column - 30), column + 50];
  return `${from > 0 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
}
