/** Asking for credentials over HTTP, where it is not a call of an API. */
import { defer, map, retry, tap, throwError, timeout, timer, type Observable } from 'rxjs';
import { tooLong } from '../platform/too-long.js';
import { serverWaitOf } from '../retry/server-wait.js';
import { axiosTransport } from '../transport/axios-transport.js';
import { originOf } from '../platform/origin-of.js';
import type { HttpRequest, HttpResponse, Transport } from '../transport/transport.js';
import { codeIn, readAnswer, type Answer } from './answer.js';
import { AnswerError, SilenceError, waitAfter } from './transient.js';

/**
 * The user's transport, or one that is made with the first request. What answers on the machine itself, as the metadata
 * service does, must be asked without a proxy: a proxy would give what it has itself.
 */
export function transportOf(given: Transport | undefined, isNear = false): Transport {
  if (given !== undefined) return given;
  let own: Transport | undefined;
  return { send: (request) => defer(() => (own ??= axiosTransport(isNear ? { proxy: false } : {})).send(request)) };
}

export interface Question<T> {
  readonly request: HttpRequest;
  /** How long each answer may take, in milliseconds. */
  readonly limit: number;
  /** Throws an {@link AnswerError} where the body was cut, or is from something else on the way. */
  readonly read: (body: string) => T;
  /** Whether a server is known to be there, so that its silence may pass: it is asked once more. @default true */
  readonly isThere?: boolean | undefined;
}

/**
 * Emits what the answer says. A failure that may pass is followed by another request, three in all: to be given
 * credentials twice does no harm.
 */
export function ask<T>(transport: Transport, { request, limit, read, isThere = true }: Question<T>): Observable<T> {
  return limited(transport)
    .send(request)
    .pipe(
      timeout({ first: limit, with: () => throwError(() => new SilenceError(limit)) }),
      map((response) => read(bodyOf(response))),
      retry({
        delay: (error: unknown, attempts) => {
          const wait = !isThere && error instanceof SilenceError ? undefined : waitAfter(error, attempts);
          return wait === undefined ? throwError(() => error) : timer(wait);
        },
      }),
    );
}

/** The same for answers that give credentials: none is empty, and none is long. A transport of the user's own may know no limit. */
export function limited(transport: Transport): Transport {
  return {
    send: (request) =>
      defer(() => transport.send({ ...request, maxResponseSize: maxAnswer })).pipe(
        tap(({ status, body }) => {
          if (body.length > maxAnswer) throw tooLong(originOf(request.url), maxAnswer);
          if (status === 200 && body.trim() === '') throw new AnswerError('the answer is empty', status);
        }),
      ),
  };
}

/** For `ask`: a JSON object. */
export function readJson(body: string): Answer {
  const answer = readAnswer(body);
  if (answer === undefined) throw new AnswerError('expected the answer to be a JSON object', 200);
  return answer;
}

/** How long a server may take, in milliseconds, where it is not nearby. */
export const usualLimit = 10_000;

/** The longest answer, in bytes after decompression. Credentials take a few thousand. */
const maxAnswer = 1 << 20;

/** The body of an answer with the status 200. Of another, status and code alone are told: it may hold secrets. */
function bodyOf({ status, headers, body }: HttpResponse): string {
  if (status === 200) return body;
  const code = codeIn(readAnswer(body));
  const why = `the answer has the status ${status}${code === undefined ? '' : ` and the code ${code}`}`;
  throw new AnswerError(why, status, serverWaitOf(headers, Date.now()));
}
