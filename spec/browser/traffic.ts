import type { ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';

/** Records what a page sends; the function that it returns gives it as one text. */
export function recordRequests(page: Page): () => Promise<string> {
  const parts: Promise<string>[] = [];
  page.on('request', (request) =>
    parts.push(request.allHeaders().then((headers) => JSON.stringify([request.url(), headers, request.postData()]))),
  );
  return async () => (await Promise.all(parts)).join('\n');
}

/** Records what a server answers, as it leaves: a browser does not keep every body for those who look in. */
export function recordAnswer(response: ServerResponse, into: string[]): void {
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string') into.push(chunk);
    else if (chunk instanceof Uint8Array) into.push(Buffer.from(chunk).toString());
  };
  Object.assign(response, {
    write(...args: unknown[]) {
      keep(args[0]);
      return write(...args);
    },
    end(...args: unknown[]) {
      keep(args[0]);
      into.push(JSON.stringify(response.getHeaders()));
      return end(...args);
    },
  });
}
