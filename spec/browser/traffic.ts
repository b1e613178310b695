import type { Page } from 'playwright-core';

/** Records all that a page sends and gets, its own scripts included; the function that it returns gives it as one text. */
export function recordTraffic(page: Page): () => Promise<string> {
  const parts: Promise<string>[] = [];
  page.on('request', (request) =>
    parts.push(request.allHeaders().then((headers) => JSON.stringify([request.url(), headers, request.postData()]))),
  );
  page.on('response', (response) => {
    parts.push(response.allHeaders().then((headers) => JSON.stringify(headers)));
    // The answers to preflights have none.
    parts.push(response.text().catch(() => ''));
  });
  return async () => (await Promise.all(parts)).join('\n');
}
