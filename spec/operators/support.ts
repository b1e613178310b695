import { ServerError, type ServerErrorFacts } from '../../lib/errors.js';

/** What a server refuses with. */
export function refusal(
  code: string,
  facts: Partial<ServerErrorFacts> & { readonly retryAfter?: number } = {},
): ServerError {
  const { retryAfter, ...rest } = facts;
  const error = new ServerError({
    code,
    message: 'No.',
    status: 400,
    action: 'DescribeZones',
    headers: {},
    rawBody: '',
    ...rest,
  });
  return retryAfter === undefined ? error : Object.assign(error, { retryAfter });
}

/** What a call of {@link answering} gives: an answer, or an error to fail with. */
export type Step = Readonly<Record<string, unknown>> | Error;
